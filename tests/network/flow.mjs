/** What reaches a page over time, and on which path. The script runs in the page; `watchMedia` of the browser tests is there. */

/** Given to Playwright as an init script, so it must not refer to anything outside itself. */
export function watchFlow() {
  const EVERY_MS = 50;
  const now = () => performance.timeOrigin + performance.now();
  const flow = {
    /** Sound since `begin`: when it began, when a packet came last, the longest time without one. */
    sound: undefined,
    begin() {
      flow.from = now();
      flow.sound = { last: flow.from, gap: 0 };
      clearInterval(flow.timer);
      flow.timer = setInterval(listen, EVERY_MS);
    },
    /** The longest time without a new picture since `begin`, and when it ended; now counts as one. */
    pictures() {
      const times = [flow.from, ...window.seen.frames.filter((at) => at > flow.from), now()];
      const gaps = times.slice(1).map((at, index) => ({ ms: at - times[index], endedAt: at - flow.from }));
      return gaps.reduce((longest, gap) => (gap.ms > longest.ms ? gap : longest));
    },
    /** The selected pair of every connection that carries media. */
    async paths() {
      const found = [];
      for (const report of await window.seen.reports()) {
        for (const entry of report.values()) {
          const pair = entry.type === 'transport' && report.get(entry.selectedCandidatePairId);
          if (!pair) continue;
          const [local, remote] = [report.get(pair.localCandidateId), report.get(pair.remoteCandidateId)];
          found.push({
            type: local.candidateType,
            protocol: local.protocol,
            relayProtocol: local.relayProtocol,
            url: local.url,
            remote: `${remote.address}:${remote.port}`,
            roundTripMs: Math.round(1000 * (pair.currentRoundTripTime ?? 0)),
          });
        }
      }
      return found;
    },
  };

  async function listen() {
    const { sound } = flow;
    for (const report of await window.seen.reports())
      for (const entry of report.values()) {
        if (entry.type !== 'inbound-rtp' || entry.kind !== 'audio' || !entry.lastPacketReceivedTimestamp) continue;
        const at = entry.lastPacketReceivedTimestamp;
        if (at <= sound.last) continue;
        sound.gap = Math.max(sound.gap, at - sound.last);
        sound.last = at;
      }
    sound.ongoing = now() - sound.last;
  }
  window.flow = flow;
}

/** `udp`, `tcp`, or `relay` with what goes between browser and relay: getStats' own `protocol` is that of the far side. */
export const nameOf = (path) => (path.relayProtocol ? `relay ${path.relayProtocol}` : path.protocol);

/** One line of a path for people. */
export const describe = (path) =>
  `${path.type}/${path.protocol}${path.relayProtocol ? ` relayProtocol=${path.relayProtocol}` : ''} -> ${path.remote}, ${path.roundTripMs} ms`;
