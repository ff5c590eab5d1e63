/**
 * Four network namespaces: a server, a router, two clients. The addresses are those of documentation (RFC 5737, RFC 3849),
 * which nobody owns and which count as public. Names come from hosts files; there is no way out.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { inside, ip, run } from './shell.mjs';

export const NAME = 'meet.example.test';
export const SERVER = { v4: '203.0.113.10', v6: '2001:db8:1::10' };
/** The server's address behind NAT, and the router's outer one. */
export const INNER = '10.99.0.10';
export const OUTER = '198.18.0.80';

const SIDES = ['server', 'router', 'anna', 'bo'];
const CABLES = {
  server: { port: 'to-server', v4: SERVER.v4, length: 24, gate4: '203.0.113.1', v6: SERVER.v6, gate6: '2001:db8:1::1' },
  anna: { port: 'to-anna', v4: '198.51.100.10', length: 25, gate4: '198.51.100.1', v6: '2001:db8:a::10', gate6: '2001:db8:a::1' },
  bo: { port: 'to-bo', v4: '198.51.100.138', length: 25, gate4: '198.51.100.129', v6: '2001:db8:b::10', gate6: '2001:db8:b::1' },
};
/** What Bo's machine has after it changed the network. */
const MOVED = { v4: '198.51.100.150', v6: '2001:db8:b::20' };
const DEVICE = 'eth0';

/** Opened once by the launcher; the tests, in a process inside `server`, find the same one by its mark. */
export class Islands {
  constructor(mark) {
    this.mark = mark;
    for (const side of SIDES) this[side] = `bedrud-${mark}-${side}`;
  }

  open() {
    for (const side of SIDES) {
      run(['ip', 'netns', 'add', this[side]]);
      ip(this[side], 'link set lo up');
    }
    for (const [side, cable] of Object.entries(CABLES)) this.#lay(side, cable);
    run(inside(this.router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1'));
    for (const side of ['server', 'anna', 'bo']) {
      mkdirSync(`/etc/netns/${this[side]}`, { recursive: true });
      writeFileSync(`/etc/netns/${this[side]}/resolv.conf`, '');
      this.#tell(side, SERVER.v4, SERVER.v6);
    }
  }

  close() {
    for (const side of SIDES) {
      try {
        run(['ip', 'netns', 'delete', this[side]]);
      } catch {
        // it was never made
      }
      rmSync(`/etc/netns/${this[side]}`, { recursive: true, force: true });
    }
  }

  #lay(side, { port, v4, length, gate4, v6, gate6 }) {
    ip('', `link add ${port} netns ${this.router} type veth peer name ${DEVICE} netns ${this[side]}`);
    ip(this.router, `addr add ${gate4}/${length} dev ${port}
      addr add ${gate6}/64 dev ${port} nodad
      link set ${port} up`);
    ip(this[side], `addr add ${v4}/${length} dev ${DEVICE}
      addr add ${v6}/64 dev ${DEVICE} nodad
      link set ${DEVICE} up
      route add default via ${gate4}
      route add default via ${gate6}`);
  }

  /** The file is written in place: running programs have it mounted. */
  #tell(side, ...addresses) {
    const named = addresses.filter(Boolean).map((address) => `${address} ${NAME}\n`);
    writeFileSync(`/etc/netns/${this[side]}/hosts`, `127.0.0.1 localhost\n::1 localhost\n${named.join('')}`);
  }

  /** Bo's machine has no IPv4 any more. */
  takeIpv4FromBo() {
    ip(this.bo, `addr del ${CABLES.bo.v4}/${CABLES.bo.length} dev ${DEVICE}`);
    this.#tell('bo', SERVER.v6);
  }

  /** Bo's machine leaves one network and is in another, as from Wi-Fi to mobile. */
  moveBo() {
    const { v4, v6, length, gate4, gate6 } = CABLES.bo;
    ip(this.bo, `addr del ${v4}/${length} dev ${DEVICE}
      addr del ${v6}/64 dev ${DEVICE}
      addr add ${MOVED.v4}/${length} dev ${DEVICE}
      addr add ${MOVED.v6}/64 dev ${DEVICE} nodad
      route replace default via ${gate4}
      route replace default via ${gate6}`);
  }

  /** The server has a private address beside the public one, and the private one is what its name says: a company's network. */
  nameServerPrivately() {
    ip(this.router, 'addr add 10.99.0.1/24 dev to-server');
    ip(this.server, `addr add ${INNER}/24 dev ${DEVICE}`);
    for (const side of ['server', 'anna', 'bo']) this.#tell(side, INNER);
  }

  /** The server gets a private address; the router owns the public one (see `router.mjs` for what it passes on). */
  hideServer() {
    ip(this.router, `addr add 10.99.0.1/24 dev to-server
      addr add ${OUTER}/32 dev lo`);
    ip(this.server, `addr flush dev ${DEVICE}
      addr add ${INNER}/24 dev ${DEVICE}
      route replace default via 10.99.0.1`);
    this.#tell('server', INNER);
    for (const side of ['anna', 'bo']) this.#tell(side, OUTER);
  }
}
