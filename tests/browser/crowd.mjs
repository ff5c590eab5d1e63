/** Many people at the cost of one: small clients in one program that are seen and heard, and see nothing themselves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Api } from './api.mjs';
import { crowd as program } from './programs.mjs';

export class Crowd {
  #child = spawn(program(), { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  #answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  #turn = Promise.resolve();
  #api;

  constructor(daemon) {
    this.#api = new Api(daemon.url);
  }

  /** Comes in as a guest; `picture` is an IVF file for the camera, without one they have none; `sound` is a microphone. */
  async join(room, name, { picture, sound = true } = {}) {
    const pass = await this.#api.do('POST', '/api/room/guest-join', { roomName: room, guestName: name });
    await this.#do({ do: 'join', name, host: pass.livekitHost, token: pass.token, picture, sound });
  }

  /** Their sound claims to be a voice until they are quiet again. */
  speak(name) {
    return this.#do({ do: 'speak', name });
  }

  quiet(name) {
    return this.#do({ do: 'quiet', name });
  }

  /** Shows an IVF file as their screen. */
  share(name, picture) {
    return this.#do({ do: 'share', name, picture });
  }

  /** Sends a data packet to everyone. */
  say(name, topic, payload) {
    return this.#do({ do: 'say', name, topic, payload: JSON.stringify(payload) });
  }

  leave(name) {
    return this.#do({ do: 'leave', name });
  }

  /** One wish after the other, so that each answer belongs to its own. */
  #do(wish) {
    const asked = this.#turn.then(async () => {
      this.#child.stdin.write(`${JSON.stringify(wish)}\n`);
      const { value, done } = await this.#answers.next();
      const answer = done ? { error: 'the crowd is gone' } : JSON.parse(value);
      if (answer.error) throw new Error(`${wish.name} cannot ${wish.do}: ${answer.error}`);
    });
    this.#turn = asked.catch(() => {});
    return asked;
  }

  async close() {
    if (this.#child.exitCode !== null) return;
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}
