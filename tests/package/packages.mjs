/** Packages to install: the built one, a newer one of the same bytes, and a signed repository that this machine serves. */
import { execFileSync } from 'node:child_process';
import { createReadStream, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join, normalize } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '../..');

/** The package of `make deb`. */
export function built() {
  const folder = join(REPOSITORY, 'build');
  const debs = readdirSync(folder).filter((name) => /^bedrud_.*\.deb$/.test(name));
  if (debs.length !== 1) throw new Error(`There are ${debs.length} packages in build/: run \`make deb\`.`);
  return join(folder, debs[0]);
}

/** How much it takes on the disk, as it says itself. */
export function installedKilobytes(deb) {
  return Number(execFileSync('dpkg-deb', ['--field', deb, 'Installed-Size'], { encoding: 'utf8' }));
}

/** The same package under another version; `change` may do something to its unpacked files. */
export function reversioned(deb, version, folder, change = () => {}) {
  const unpacked = join(folder, `unpacked-${version}`);
  execFileSync('dpkg-deb', ['--raw-extract', deb, unpacked]);
  const control = join(unpacked, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${version}`));
  change(unpacked);
  const out = join(folder, `bedrud_${version}_amd64.deb`);
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', '-Zgzip', '-z1', unpacked, out], { stdio: 'ignore' });
  return out;
}

/** A repository of `make repo` with a web server that serves nothing but files. */
export class Repository {
  #server;

  constructor(folder) {
    this.folder = folder;
  }

  async serve(address) {
    this.#server = createServer((request, answer) => {
      const path = join(this.folder, normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname)));
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return answer.writeHead(404).end();
      answer.writeHead(200, { 'content-length': statSync(path).size });
      createReadStream(path).pipe(answer);
    }).listen(0, address);
    await once(this.#server, 'listening');
    this.url = `http://${address}:${this.#server.address().port}`;
  }

  add(...debs) {
    execFileSync(join(REPOSITORY, 'packaging/repo.sh'), [this.url, this.folder, ...debs], { stdio: 'ignore' });
  }

  close() {
    this.#server?.close();
  }
}
