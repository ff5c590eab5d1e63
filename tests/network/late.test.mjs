/** A host whose network comes after its start, and gives it another address later: nobody has to restart anything. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { demand, inside, ip, run } from './shell.mjs';

const LONGEST_MS = 120_000;

demand({ ip: 'iproute2' });

test('a server that started before its network is found, and found again at another address', { timeout: LONGEST_MS }, () => {
  const namespace = `bedrud-${process.pid}-late`;
  run(['ip', 'netns', 'add', namespace]);
  try {
    ip(namespace, 'link set lo up\nlink add eth0 type veth peer name far\nlink set far up');
    // IPv4 is served on a host, too, whose sockets take one family unless they are told otherwise (ipv6(7))
    run(inside(namespace, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv6/bindv6only'));
    const words = inside(namespace, process.execPath, join(import.meta.dirname, 'late.mjs'));
    // its certificate is one that nobody believes
    const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
    execFileSync(words[0], words.slice(1), { env, stdio: 'inherit' });
  } finally {
    run(['ip', 'netns', 'delete', namespace]);
  }
});
