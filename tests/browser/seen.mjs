/** What a page really received. Runs inside the page before its own scripts; people ask it by `window.seen`. */

/** Given to Playwright as an init script, so it must not refer to anything outside itself. */
export function watchMedia() {
  const connections = [];
  const remote = new Set();
  const seen = {
    /** Times (ms since the epoch) at which a picture of somebody else was shown. */
    frames: [],
    /** Addresses of every STUN and TURN server the page was told. */
    iceServers: new Set(),
    /** What the Content-Security-Policy refused. */
    violations: [],
    /** getStats of every connection that is not closed. */
    reports() {
      const living = connections.filter((connection) => connection.connectionState !== 'closed');
      return Promise.all(living.map((connection) => connection.getStats()));
    },
    /** What arrives now: one entry per track. */
    async arriving() {
      const found = [];
      for (const report of await seen.reports()) {
        for (const entry of report.values()) {
          if (entry.type === 'inbound-rtp')
            found.push({
              kind: entry.kind,
              track: entry.trackIdentifier,
              framesDecoded: entry.framesDecoded ?? 0,
              packetsReceived: entry.packetsReceived ?? 0,
            });
        }
      }
      return found;
    },
    /** Frames decoded of the track that this element shows. */
    async framesOf(video) {
      const track = video.srcObject?.getVideoTracks()[0]?.id;
      return (await seen.arriving()).find((entry) => entry.track === track)?.framesDecoded ?? 0;
    },
    /** Ends what is sent of this kind, as pulling the plug does. */
    unplug(kind) {
      for (const connection of connections)
        for (const { track } of connection.getSenders())
          if (track?.kind === kind && track.readyState === 'live') {
            track.stop();
            track.dispatchEvent(new Event('ended'));
          }
    },
    /** What is sent of this kind. */
    sent(kind) {
      const tracks = connections.flatMap((connection) => connection.getSenders().map((sender) => sender.track));
      return tracks.filter((track) => track?.kind === kind && track.readyState === 'live');
    },
    /** Where what is sent comes from: a `device`, whose name has 64 digits in Chromium, or `processed` by the page. */
    sentKinds(kind) {
      return seen.sent(kind).map((track) => (track.getSettings().deviceId?.length === 64 ? 'device' : 'processed'));
    },
    /** Packets of sound from everybody else, together. */
    async soundPackets() {
      const voices = (await seen.arriving()).filter((entry) => entry.kind === 'audio');
      return voices.reduce((sum, entry) => sum + entry.packetsReceived, 0);
    },
  };

  const note = (configuration) => {
    for (const server of configuration?.iceServers ?? [])
      for (const url of [server.urls].flat()) seen.iceServers.add(url);
  };
  const Native = RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration, ...more) {
      super(configuration, ...more);
      note(configuration);
      connections.push(this);
      this.addEventListener('track', (event) => remote.add(event.track.id));
    }

    setConfiguration(configuration) {
      note(configuration);
      super.setConfiguration(configuration);
    }
  };

  const watched = new WeakSet();
  const watch = (video) => {
    if (!(video instanceof HTMLVideoElement) || watched.has(video)) return;
    watched.add(video);
    const shown = () => {
      const track = video.srcObject?.getVideoTracks?.()[0]?.id;
      if (remote.has(track)) seen.frames.push(performance.timeOrigin + performance.now());
      video.requestVideoFrameCallback(shown);
    };
    video.requestVideoFrameCallback(shown);
  };
  // media events do not bubble, but they can be captured
  document.addEventListener('loadstart', (event) => watch(event.target), true);
  document.addEventListener('loadedmetadata', (event) => watch(event.target), true);
  document.addEventListener('securitypolicyviolation', (event) =>
    seen.violations.push(`${event.violatedDirective}: ${event.blockedURI || event.sourceFile || 'inline'}`),
  );
  window.seen = seen;
}
