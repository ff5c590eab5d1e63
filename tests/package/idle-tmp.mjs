import { copyFileSync } from 'node:fs';
import { Host } from './host.mjs';
import { built } from './packages.mjs';
const host = await Host.boot(process.argv[2]);
try {
  copyFileSync(built(), host.path('/root/b.deb'));
  await host.run('rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*; apt-get install -y /root/b.deb', ['DEBIAN_FRONTEND=noninteractive']);
  console.log(await host.run('systemctl is-active bedrud-backup.timer; systemctl start bedrud-backup.service; stat -c "%a %U %n" /var/backups/bedrud /var/backups/bedrud/*; bedrudctl backup verify /var/backups/bedrud/*; bedrudctl status; systemd-analyze security --no-pager bedrud.service | tail -1; systemd-analyze security --no-pager bedrud-livekit.service | tail -1'));
  console.log(await host.run(`for p in $(cat /sys/fs/cgroup/system.slice/bedrud*.service/cgroup.procs); do tr '\\0' ' ' </proc/$p/cmdline; echo; grep -E '^(Pss|Pss_Anon|Pss_File|Rss|Shared_Clean|Private_Clean)' /proc/$p/smaps_rollup | tr '\\n' ' '; echo; awk '/^[0-9a-f]+-/{h=$0} /^Pss:/{ if($2>400) print "   ",$2,h}' /proc/$p/smaps; done`));
} finally { await host.close(); }
process.exit(0);
