/** A server that reads its certificate from files, signed by an authority of the test's own. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { NAME } from './islands.mjs';
import { pair } from './pairs.mjs';

/** Writes a pair for NAME, and `authorities.pem` where it is not there yet; gives the `tls` section. */
export function issue(directory) {
  const file = (name) => join(directory, name);
  pair(directory, 'authorities', 'new', `DNS:${NAME}`);
  // as certbot exchanges them; in between the pair does not fit, which must not be taken
  for (const kind of ['key', 'pem']) renameSync(file(`new.${kind}`), file(`tls.${kind}`));
  return { mode: 'files', certFile: file('tls.pem'), keyFile: file('tls.key') };
}
