/** What each directive of the units keeps a program from: a line of shell that ends well without it and fails with it alone. */

/** A system call by its number on this machine; ends well where the kernel did what was asked. */
const call = (...words) => `perl -e 'exit(syscall(${words.join(',')}) == -1)'`;
/** Ends well by calling exit(2) as programs of 32 bits do. */
const OLD_PROGRAM =
  'f0VMRgEBAQAAAAAAAAAAAAIAAwABAAAAVIAECDQAAAAAAAAAAAAAADQAIAABAAAAAAAAAAEAAAAAAAAAAIAECACABAhdAAAAXQAAAAUAAAAAEAAAuAEAAAAx282A';

/** Prints which keyring of the session it has (keyctl(2), KEYCTL_GET_KEYRING_ID). */
const KEYRING = `perl -e 'print syscall(250, 0, -3, 0)'`;

/** Done once on the host, before. */
export const PREPARED = `
printf 'u probe -\\nu bedrud -\\n' | systemd-sysusers -
echo secret >/root/secret; echo secret >/tmp/secret; echo secret >/dev/secret; mkdir -p /usr/lib/modules/probe
cp /usr/bin/id /usr/bin/setuid-id; chmod u+s /usr/bin/setuid-id
mknod /var/fuse c 10 229; chmod 666 /var/fuse
echo ${OLD_PROGRAM} | base64 -d >/usr/bin/old-program; chmod +x /usr/bin/old-program
systemd-run --quiet --pipe --wait --property=KeyringMode=inherit ${KEYRING} >/var/keyring
`;

/** By directive; `as` is who tries it, root where nothing is said; `besides` goes along with both tries, `opposite` with the one without. */
export const PROBES = {
  User: { probe: 'test "$(id -u)" = 0' },
  Group: { probe: 'test "$(id -g)" = 0' },
  UMask: { probe: 'touch /tmp/u && test "$(stat -c %a /tmp/u)" = 644 && rm /tmp/u || { rm /tmp/u; false; }' },
  CapabilityBoundingSet: { probe: 'chroot / true' },
  AmbientCapabilities: { probe: 'chroot / true', as: 'probe', besides: ['AmbientCapabilities=CAP_SYS_CHROOT'] },
  NoNewPrivileges: { probe: 'test "$(setuid-id -u)" = 0', as: 'probe' },
  ProtectSystem: { probe: 'touch /var/x && rm /var/x' },
  ProtectHome: { probe: 'cat /root/secret' },
  PrivateTmp: { probe: 'cat /tmp/secret' },
  PrivateDevices: { probe: 'cat /dev/secret' },
  DevicePolicy: { probe: 'head -c0 /var/fuse' },
  ProtectHostname: { probe: 'hostname "$(hostname)"' },
  ProtectClock: { probe: call(159, '$a = "\\0" x 256') },
  ProtectKernelTunables: { probe: 'cat /proc/sys/net/ipv4/ip_forward >/proc/sys/net/ipv4/ip_forward' },
  ProtectKernelModules: { probe: 'ls /usr/lib/modules/probe' },
  ProtectKernelLogs: { probe: call(103, 10, 0, 0) },
  ProtectControlGroups: { probe: 'mkdir /sys/fs/cgroup/probe && rmdir /sys/fs/cgroup/probe' },
  ProtectProc: { probe: 'test -d /proc/1', as: 'probe' },
  RestrictNamespaces: { probe: 'unshare --uts true' },
  RestrictRealtime: { probe: 'chrt --fifo 1 true' },
  RestrictSUIDSGID: { probe: 'touch /var/s && chmod u+s /var/s; s=$?; rm -f /var/s; exit $s' },
  LockPersonality: { probe: 'setarch --addr-no-randomize true' },
  MemoryDenyWriteExecute: { probe: call(9, 0, 4096, 7, 34, -1, 0) },
  RemoveIPC: { probe: 'touch /dev/shm/left', as: 'probe', after: 'test -e /dev/shm/left' },
  // what it says is systemd's default, so the other try has to ask for the opposite
  KeyringMode: { probe: `test "$(${KEYRING})" = "$(cat /var/keyring)"`, opposite: ['KeyringMode=inherit'] },
  SystemCallArchitectures: { probe: 'old-program' },
  SystemCallFilter: { probe: call(141, 0, 0, 1), besides: ['SystemCallErrorNumber=EPERM'] },
  // without it whoever makes such a call is killed
  SystemCallErrorNumber: { probe: `! perl -e 'syscall(141, 0, 0, 1); exit 0'`, besides: ['SystemCallFilter=~@resources'] },
  RestrictAddressFamilies: { probe: call(41, 17, 3, 0) },
};
