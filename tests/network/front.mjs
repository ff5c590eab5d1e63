/** How the server is told to stand in front of the world in these tests. */
import { NAME } from './islands.mjs';

/** `tls` is the section of that name, `more` what a row has of its own. */
export function configuration(tls, more = {}) {
  const sections = {
    server: { domain: NAME, port: 443, httpPort: 80 },
    tls,
    livekit: { port: 7880, tcpPort: 7881, udpPort: 7882, turn: { udpPort: 3478 } },
  };
  for (const [section, values] of Object.entries(more)) sections[section] = { ...sections[section], ...values };
  return sections;
}
