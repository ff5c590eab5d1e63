/** A participant without our page: livekit-client alone in a browser, for what the page would never do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from './api.mjs';
import { until } from './wait.mjs';

const library = readFileSync(
  join(import.meta.dirname, 'node_modules/livekit-client/dist/livekit-client.umd.js'),
  'utf8',
);

export class Bare {
  #person;

  constructor(person) {
    this.#person = person;
  }

  /** Asks for a guest's pass at the API and enters with it. */
  static async guest(stage, room, name) {
    const pass = await new Api(stage.daemon.url).do('POST', '/api/room/guest-join', { roomName: room, guestName: name });
    const bare = new Bare(await stage.person(name));
    bare.pass = pass;
    const said = await bare.enter(pass.livekitHost, pass.token);
    if (said !== 'entered') throw new Error(`${name} could not enter: ${said}`);
    return bare;
  }

  /** Tries to enter the SFU: `entered`, or what it said instead. */
  async enter(url, token) {
    const { page } = this.#person;
    // any document of the server's own will do; the script comes from the test, so no policy minds it
    await page.goto('/robots.txt');
    await page.evaluate(library);
    return page.evaluate(
      async ([url, token]) => {
        const { Room, RoomEvent, DisconnectReason } = window.LivekitClient;
        window.room = new Room();
        window.packets = [];
        window.room.on(RoomEvent.DataReceived, (payload, _sender, _kind, topic) => {
          window.packets.push({ topic, body: JSON.parse(new TextDecoder().decode(payload)) });
        });
        window.room.on(RoomEvent.Disconnected, (reason) => (window.ended = DisconnectReason[reason] ?? 'unknown'));
        try {
          await window.room.connect(url, token, { maxRetries: 0 });
          return 'entered';
        } catch (error) {
          return `${error.name}: ${error.message}`;
        }
      },
      [url, token],
    );
  }

  /** Publishes the microphone's sound under this source; `refused` when the SFU does not take it. */
  publishSound(source) {
    return this.#person.page.evaluate(async (source) => {
      const { createLocalAudioTrack } = window.LivekitClient;
      try {
        await window.room.localParticipant.publishTrack(await createLocalAudioTrack(), { source, dtx: false });
        return 'published';
      } catch (error) {
        return `refused: ${error.message}`;
      }
    }, source);
  }

  /** Sends one packet to everybody. */
  async send(topic, body) {
    await this.#person.page.evaluate(
      ([topic, body]) =>
        window.room.localParticipant.publishData(new TextEncoder().encode(JSON.stringify(body)), { reliable: true, topic }),
      [topic, body],
    );
  }

  /** Sends packets as they are, `{ topic, body }` with a text each, one right after the other. */
  async sendRaw(packets) {
    await this.#person.page.evaluate(async (packets) => {
      const encoder = new TextEncoder();
      for (const { topic, body } of packets)
        await window.room.localParticipant.publishData(encoder.encode(body), { reliable: true, topic });
    }, packets);
  }

  /** Begins a stream of text under this id, writes, and ends it when told so. */
  async stream(streamId, text, { end }) {
    await this.#person.page.evaluate(
      async ([streamId, text, end]) => {
        window.streams ??= {};
        const writer = (window.streams[streamId] ??= await window.room.localParticipant.streamText({ topic: 'lk.chat', streamId }));
        await writer.write(text);
        if (end) await writer.close();
      },
      [streamId, text, end],
    );
  }

  /** Says of somebody else, by a data packet of an old protocol, that they are speaking. */
  async pretendSpeaking(name) {
    await this.#person.page.evaluate(async (name) => {
      const { engine, localParticipant, remoteParticipants } = window.room;
      // the library does not give its packets away: one of its own shows how they are made
      const send = engine.sendDataPacket;
      let Packet;
      engine.sendDataPacket = (packet, ...more) => {
        Packet = packet.constructor;
        return send.call(engine, packet, ...more);
      };
      await localParticipant.publishData(new Uint8Array([0]), { reliable: true, topic: 'nothing' });
      engine.sendDataPacket = send;
      const { sid } = [...remoteParticipants.values()].find((person) => person.name === name);
      const value = { case: 'speaker', value: { speakers: [{ sid, level: 1, active: true }] } };
      await send.call(engine, new Packet({ value }), 0);
    }, name);
  }

  /** Streams of text as no client sends them: without an end, many at once, twice under one id, for the library's own topics. */
  async misuseStreams() {
    await this.#person.page.evaluate(async () => {
      const me = window.room.localParticipant;
      for (const topic of ['lk.chat', 'lk.rpc_request', 'lk.rpc_response'])
        for (let index = 0; index < 50; index += 1) {
          const options = { topic, streamId: index % 5 ? undefined : 'the same' };
          const writer = await me.streamText(options);
          await writer.write('never ended');
        }
    });
  }

  /** The next packet of this topic that nobody asked for yet. */
  heard(topic) {
    return until(`a packet of ${topic}`, () =>
      this.#person.page.evaluate((topic) => {
        const at = window.packets.findIndex((packet) => packet.topic === topic);
        return at < 0 ? undefined : window.packets.splice(at, 1)[0].body;
      }, topic),
    );
  }

  /** The token that the SFU signed itself and that clients reconnect with. */
  resignedToken() {
    return this.#person.page.evaluate(() => window.room.engine.token);
  }

  /** Waits for the end of the connection and says why it came. */
  ended() {
    return until('the SFU to end the connection', () => this.#person.page.evaluate(() => window.ended));
  }
}

/** What the gate in front of the SFU says to this join token. */
export async function gate(daemon, token) {
  const answer = await fetch(`${daemon.url}/livekit/rtc/validate?access_token=${token}`);
  await answer.text();
  return answer.status;
}
