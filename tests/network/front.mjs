/** How the server is told to stand in front of the world in these tests. */
import { NAME } from './islands.mjs';

const sections = {
  server: { host: '::', port: 443, domain: NAME, trustedProxies: ['127.0.0.1'], frontendURL: `http://${NAME}:443` },
  livekit: { port: 7880, tcpPort: 7881, udpPort: 7882, turn: { udpPort: 3478 } },
};

export function configuration(more = {}) {
  const merged = { ...sections };
  for (const [section, values] of Object.entries(more)) merged[section] = { ...merged[section], ...values };
  return merged;
}
