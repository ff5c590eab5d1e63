import { expect, test } from 'vitest';
import { arrivedOf, readLine } from './line';

const pair = (local: object, remote: object = {}) => [
  { id: 't', type: 'transport', selectedCandidatePairId: 'p' },
  { id: 'old', type: 'candidate-pair', currentRoundTripTime: 9, localCandidateId: 'r' },
  {
    id: 'p',
    type: 'candidate-pair',
    currentRoundTripTime: 0.0424,
    localCandidateId: 'l',
    remoteCandidateId: 'r',
  },
  { id: 'l', type: 'local-candidate', candidateType: 'host', protocol: 'udp', ...local },
  { id: 'r', type: 'remote-candidate', candidateType: 'host', protocol: 'udp', ...remote },
];

test.each([
  ['direct', {}, false],
  ['tcp', { protocol: 'tcp' }, false],
  ['relayed', { candidateType: 'relay', relayProtocol: 'udp' }, false],
  ['relayed', { candidateType: 'relay', relayProtocol: 'tls' }, true],
  ['relayed', { candidateType: 'prflx', relayProtocol: 'tls' }, true],
])('the path is %s with %o', (path, local, throughTls) => {
  expect(readLine(pair(local), new Map())).toMatchObject({ path, throughTls, roundTripMs: 42 });
});

test('nothing is claimed that the browser does not tell', () => {
  expect(readLine([], new Map())).toEqual({ lossPercent: undefined });
});

test('of the sizes that are sent, the largest that is really made', () => {
  const sizes = [
    { id: 'a', type: 'outbound-rtp', kind: 'video', frameWidth: 320, frameHeight: 180, framesPerSecond: 30 },
    { id: 'b', type: 'outbound-rtp', kind: 'video', frameWidth: 1280, frameHeight: 720, framesPerSecond: 0 },
    { id: 'c', type: 'outbound-rtp', kind: 'video', frameWidth: 640, frameHeight: 360, framesPerSecond: 29 },
  ];
  expect(readLine(sizes, new Map())).toMatchObject({ width: 640, height: 360, framesPerSecond: 29 });
});

test('loss is that of the time since the last look', () => {
  const before = new Map();
  const arriving = (packetsReceived: number, packetsLost: number) => [
    { id: 'in', type: 'inbound-rtp', kind: 'audio', packetsReceived, packetsLost },
  ];
  expect(readLine(arriving(900, 100), before).lossPercent).toBe(10);
  expect(readLine(arriving(995, 105), before).lossPercent).toBe(5);
  expect(readLine(arriving(1095, 104), before).lossPercent).toBe(0);
});

test('loss of what one sends is what the server reports', () => {
  const sending = [
    { id: 'out', type: 'outbound-rtp', kind: 'audio', packetsSent: 200 },
    { id: 'told', type: 'remote-inbound-rtp', kind: 'audio', localId: 'out', packetsLost: 3 },
  ];
  expect(readLine(sending, new Map()).lossPercent).toBe(1.5);
});

test('what arrived is counted over the pair of candidates, and nothing else', () => {
  const report = [
    { id: 'p', type: 'candidate-pair', bytesReceived: 1200, currentRoundTripTime: 0.05 },
    { id: 'in', type: 'inbound-rtp', bytesReceived: 900 },
  ];
  expect(arrivedOf(report)).toEqual({ bytes: 1200, roundTripMs: 50 });
  expect(arrivedOf([])).toEqual({ bytes: 0 });
});
