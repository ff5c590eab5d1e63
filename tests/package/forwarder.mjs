/** Passes what a host asks of archives on to them, over plain HTTP: it has no other way out. */
import { createServer, request } from 'node:http';
import { once } from 'node:events';

export class Forwarder {
  #server;

  async listen(address) {
    this.#server = createServer((asked, answer) => {
      const passed = request(asked.url, { method: asked.method, headers: asked.headers }, (got) => {
        answer.writeHead(got.statusCode, got.headers);
        got.pipe(answer);
      });
      passed.on('error', (error) => answer.headersSent ? answer.destroy() : answer.writeHead(502).end(error.message));
      asked.pipe(passed);
    }).listen(0, address);
    await once(this.#server, 'listening');
    this.url = `http://${address}:${this.#server.address().port}`;
  }

  close() {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}
