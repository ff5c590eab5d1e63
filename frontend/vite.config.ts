/** The build, and where `npm run dev` finds the daemon. */
import { join } from 'node:path';
import { sveltekit } from '@sveltejs/kit/vite';
import { transformWithOxc } from 'vite';
import { defineConfig } from 'vitest/config';

const daemon = process.env.BEDRUD_URL ?? 'http://127.0.0.1:8090';

/** Kit's announcer of page changes brings a style attribute, which our policy refuses; base.css hides it instead. */
const withoutInlineStyle = {
  name: 'announcer-without-inline-style',
  enforce: 'pre' as const,
  transform(code: string, id: string) {
    if (!id.endsWith('/generated/root.svelte')) return undefined;
    return { code: code.replace(/(<div id="svelte-announcer"[^>]*?) style="[^"]*"/, '$1'), map: null };
  },
};

/** We have none; but this file of Svelte's defines a class for them as it loads, and so is never left out. */
const withoutCustomElements = {
  name: 'without-custom-elements',
  transform: (code: string, id: string) =>
    id.endsWith('/svelte/src/internal/client/dom/elements/custom-element.js')
      ? { code, map: null, moduleSideEffects: false }
      : undefined,
};

/**
 * livekit-client brings its sources beside a bundle that is made for the browsers of 2015. Ours are of 2022: compiled
 * for them, the same sources weigh a quarter less. Fields as their own compiler makes them: assigned, and none without
 * a value.
 */
const sources = join(import.meta.dirname, 'node_modules/livekit-client/src/');
const livekitFromSource = {
  name: 'livekit-client-from-source',
  enforce: 'pre' as const,
  apply: 'build' as const,
  resolveId: (id: string) => (id === 'livekit-client' ? join(sources, 'index.ts') : undefined),
  transform(code: string, id: string) {
    if (!id.startsWith(sources) || !id.endsWith('.ts')) return undefined;
    const typescript = { removeClassFieldsWithoutInitializer: true };
    return transformWithOxc(code, id, { typescript, assumptions: { setPublicClassFields: true } });
  },
};

/**
 * One file instead of many small ones: each request costs its headers, and small files compress badly. With what the
 * start page needs, and no more: what only other pages use stays with them.
 */
const everyPage =
  /rolldown\/runtime|client-optimized\/(app|matchers)\.js|src\/hooks|node_modules\/(svelte|@sveltejs)\/|src\/lib\/(data\/|api\/(http|session|accounts)|memory\/(recent|slug|store|appearance)|text\/(index|grammar|languages|speaking\.svelte|en\/page)\.ts)|src\/lib\/ui\/(Header|Screen|LanguageSelect|theme|tokens|base)|src\/routes\/\+/;

/** Controls and requests of most other pages: each small, together one file. */
const manyPages =
  /src\/lib\/(ui\/(Icon|icons|RoundButton|Avatar|avatar|Menu|Confirm|Field|CopyLink)|api\/rooms|memory\/wishes)/;

/** What the screen before the meeting and the meeting share. */
const beforeAndInside =
  /src\/lib\/(text\/meeting\.ts|meeting\/(devices\/DeviceSelect|play|habits|view\/layout|bar\/reactions)|call\/(chat\/gesture-wire|media\/(level|devices|kinds|media|permission)))/;

export default defineConfig({
  plugins: [withoutInlineStyle, withoutCustomElements, livekitFromSource, sveltekit()],
  build: {
    target: ['chrome107', 'edge107', 'firefox104', 'safari16'],
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'base', test: everyPage },
            { name: 'parts', test: manyPages },
            { name: 'visit', test: beforeAndInside },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': daemon, '/livekit': { target: daemon, ws: true } } },
  test: { include: ['src/**/*.test.ts', 'scripts/*.test.mjs'], environment: 'node' },
});
