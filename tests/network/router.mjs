/**
 * What the router does to packets. Only packets from a client towards the server are ever let through by a rule of their
 * own, the rest as answers: a server that may begin would open the way by its own pings, and a blocked path would pass.
 */
import { INNER, OUTER, SERVER } from './islands.mjs';
import { inside, run } from './shell.mjs';

const nft = (namespace, rules) => run(inside(namespace, 'nft', '-f', '-'), rules);
const LEGS = ['"to-anna"', '"to-bo"'].join(', ');

export class Router {
  #islands;

  constructor(islands) {
    this.#islands = islands;
  }

  /** Lets clients reach these ports of the server, such as `tcp dport 443`; everything else is dropped. */
  letThrough(...ports) {
    const server = [`ip daddr { ${SERVER.v4}, ${INNER} }`, `ip6 daddr ${SERVER.v6}`];
    const rules = ports.flatMap((port) => server.map((address) => `iifname { ${LEGS} } ${address} ${port} accept`));
    nft(this.#islands.router, `
      table inet wall {
        chain through {
          type filter hook forward priority 0; policy drop;
          meta l4proto icmpv6 accept
          ct state established,related accept
          ${rules.join('\n')}
        }
      }`);
  }

  /** Forwards these ports of the outer address to the hidden server. No hairpin: it is not for packets from inside. */
  forward(...ports) {
    const rules = ports.map((port) => `iifname != "to-server" ip daddr ${OUTER} ${port} dnat to ${INNER}`);
    nft(this.#islands.router, `
      table ip nat {
        chain before { type nat hook prerouting priority dstnat; ${rules.join('; ')}; }
        chain after { type nat hook postrouting priority srcnat; ip saddr ${INNER} oifname != "to-server" snat to ${OUTER}; }
      }`);
  }

  /** The one rule on the server that takes the place of a hairpin; the same that the documentation gives. */
  turnBackAtServer() {
    const words = ['nft', `add table ip bedrud; add chain ip bedrud out { type nat hook output priority -100; };
      add rule ip bedrud out ip daddr ${OUTER} dnat to ${INNER}`];
    run(inside(this.#islands.server, ...words));
  }

  /** Drops so many of a hundred UDP packets from and to Bo. */
  lose(percent) {
    const drop = `meta l4proto udp numgen random mod 100 < ${percent} counter drop`;
    nft(this.#islands.router, `
      table inet loss {
        chain through { type filter hook forward priority -10; iifname "to-bo" ${drop}; oifname "to-bo" ${drop}; }
      }`);
  }

  /** Bo's line carries no more than this in either direction. */
  narrow(rate) {
    for (const [namespace, device] of [[this.#islands.router, 'to-bo'], [this.#islands.bo, 'eth0']])
      run(inside(namespace, 'tc', 'qdisc', 'add', 'dev', device, 'root', 'tbf', 'rate', rate, 'burst', '3000', 'latency', '300ms'));
  }
}
