/**
 * Last step of the build: fewer files to ask for, the API viewer's, those of the blur, the hash of Kit's boot script for
 * the Content-Security-Policy, and a brotli and a gzip copy beside every file worth it, so that the daemon never
 * compresses on a request. A large file has its brotli copy only: the daemon keeps that one and no other.
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { foldFacades } from './fold-facades.mjs';
import { withNormalization } from './segmenter-model.mjs';

const BUILD = 'build';
const VIEWER = join(BUILD, 'swagger');
const BLUR = join(BUILD, 'blur');
const MODEL = 'selfie_segmentation.tflite';
/** Kept in brotli alone. As in daemon/build.rs. */
const LARGE_BYTES = 2 ** 17;
/** The last tenth of such a file takes half a minute; it is fetched once, by who blurs. */
const HUGE_BYTES = 2 ** 20;
const LEAST_BYTES = 500;
const COMPRESSIBLE = /\.(html|js|mjs|css|json|svg|txt|wasm|tflite|webmanifest)$/;

const viewerPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Bedrud API</title>
    <link rel="stylesheet" href="swagger-ui.css" />
  </head>
  <body>
    <div id="viewer"></div>
    <script src="swagger-ui-bundle.js"></script>
    <script src="init.js"></script>
  </body>
</html>
`;
const viewerScript = `SwaggerUIBundle({ url: '/api/swagger/openapi.json', dom_id: '#viewer', deepLinking: true, validatorUrl: null });
`;

async function addViewer() {
  await mkdir(VIEWER, { recursive: true });
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    await copyFile(join('node_modules/swagger-ui-dist', file), join(VIEWER, file));
  }
  await writeFile(join(VIEWER, 'index.html'), viewerPage);
  await writeFile(join(VIEWER, 'init.js'), viewerScript);
}

/** What src/lib/call/media/blur.ts loads when it is first used: MediaPipe's program for video, and the network (Apache-2.0). */
async function addBlur() {
  const [program, network] = ['tasks-vision/wasm', 'selfie_segmentation'].map((name) =>
    join('node_modules/@mediapipe', name),
  );
  await mkdir(BLUR, { recursive: true });
  for (const file of ['vision_wasm_internal.js', 'vision_wasm_internal.wasm'])
    await copyFile(join(program, file), join(BLUR, file));
  const model = await readFile(join(network, MODEL));
  await writeFile(join(BLUR, MODEL), withNormalization(model));
}

/** Inline scripts of the shell, as sources for `script-src`. */
async function writeScriptHashes() {
  const shell = await readFile(join(BUILD, 'index.html'), 'utf8');
  const scripts = [...shell.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1] ?? '');
  const scriptHashes = scripts.map(
    (script) => `sha256-${createHash('sha256').update(script).digest('base64')}`,
  );
  await writeFile(join(BUILD, 'csp.json'), `${JSON.stringify({ scriptHashes })}\n`);
}

/** @param {string} path */
async function compress(path) {
  const plain = await readFile(path);
  if (plain.length < LEAST_BYTES) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: plain.length > HUGE_BYTES ? 9 : 11 };
  const br = promisify(brotliCompress)(plain, { params }).then((bytes) => writeFile(`${path}.br`, bytes));
  if (plain.length <= LARGE_BYTES) await writeFile(`${path}.gz`, await promisify(gzip)(plain, { level: 9 }));
  await br;
}

await foldFacades(BUILD);
await addViewer();
await addBlur();
await writeScriptHashes();
const files = await readdir(BUILD, { recursive: true, withFileTypes: true });
await Promise.all(
  files
    .filter((entry) => entry.isFile() && COMPRESSIBLE.test(entry.name))
    .map((entry) => compress(join(entry.parentPath, entry.name))),
);
