/**
 * The networks that a meeting has to get through. `lay` changes the network before anything starts, `path` is what has to
 * carry the media then, `watch` is how long the meeting goes on, `during` what happens in it, `files` that the certificate
 * is no ACME server's, `says` what the page has to tell then, `advice` what `bedrudctl status` has to say, `bars` what is
 * asserted.
 */
import { exchange, renew } from './certificate.mjs';
import { INNER, OUTER } from './islands.mjs';

const WEB = 'tcp dport { 80, 443 }';
const MEDIA_UDP = 'udp dport 7882';
const MEDIA_TCP = 'tcp dport 7881';
const TURN_UDP = 'udp dport 3478';
const EVERYTHING = [WEB, MEDIA_UDP, MEDIA_TCP, TURN_UDP];

/** Either of the two lines of `lessVideo` and `soundOnly`. */
const WEAK_LINE = /^Your line (is weak|carries no video)/;

const open = ({ router }) => router.letThrough(...EVERYTHING);

export const rows = {
  open: { lay: open, path: 'udp' },
  'UDP blocked': { lay: ({ router }) => router.letThrough(WEB, MEDIA_TCP), path: 'tcp' },
  'only TCP 443': { lay: ({ router }) => router.letThrough('tcp dport 443'), path: 'relay tls' },
  'TURN/UDP only': { lay: ({ router }) => router.letThrough(WEB, TURN_UDP), path: 'relay udp' },
  'NAT, UDP forwarded': {
    lay({ islands, router }) {
      islands.hideServer();
      router.forward(...EVERYTHING);
      open({ router });
    },
    config: { livekit: { nodeIP: OUTER } },
    path: 'udp',
    // no hairpin and no rule: fine for this row, but not for people who have 443 only
    advice: new RegExp(`ip daddr ${OUTER} dnat to ${INNER}`),
  },
  'NAT, only TCP 443': {
    lay({ islands, router }) {
      islands.hideServer();
      router.forward('tcp dport 443');
      router.letThrough('tcp dport 443');
      router.turnBackAtServer();
    },
    config: { livekit: { nodeIP: OUTER } },
    path: 'relay tls',
  },
  'private address of two, only TCP 443': {
    lay({ islands, router }) {
      islands.nameServerPrivately();
      router.letThrough('tcp dport 443');
    },
    path: 'relay tls',
  },
  'IPv6-only client': {
    lay({ islands, router }) {
      islands.takeIpv4FromBo();
      open({ router });
    },
    path: 'udp',
    family: 6,
  },
  '5 % loss': {
    lay: open,
    during: ({ router }) => router.lose(5),
    watch: 25_000,
    path: 'udp',
    bars: { videoGap: 4000, soundGap: 500 },
  },
  '20 % loss': {
    lay: open,
    during: ({ router }) => router.lose(20),
    watch: 25_000,
    says: WEAK_LINE,
    path: 'udp',
    bars: { soundGap: 1000 },
  },
  '256 kbit/s': {
    lay: open,
    during: ({ router }) => router.narrow('256kbit'),
    watch: 40_000,
    says: WEAK_LINE,
    path: 'udp',
    bars: { soundGap: 1000 },
  },
  'address changes': {
    lay: open,
    during: ({ islands }) => islands.moveBo(),
    watch: 20_000,
    path: 'udp',
    bars: { videoGap: 3000, soundGap: 3000 },
  },
  'certificate renewed, only TCP 443': {
    lay: ({ router }) => router.letThrough('tcp dport 443'),
    during: ({ daemon }) => renew(daemon),
    path: 'relay tls',
    bars: { videoGap: 2000, soundGap: 1000 },
  },
  'certificate exchanged, only TCP 443': {
    lay: ({ router }) => router.letThrough('tcp dport 443'),
    files: true,
    during: ({ directory }) => exchange(directory),
    path: 'relay tls',
    bars: { videoGap: 2000, soundGap: 1000 },
  },
};
