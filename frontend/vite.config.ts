/** The build, and where `npm run dev` finds the daemon. */
import { sveltekit } from '@sveltejs/kit/vite';
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

/**
 * One file instead of many small ones: each request costs its headers, and small files compress badly. With what the
 * start page needs, and no more: what only other pages use stays with them.
 */
const everyPage =
  /node_modules\/(svelte|@sveltejs)\/|src\/lib\/(api\/(http|session)|memory\/(recent|slug|store|appearance)|text\/([^/]+|en\/page)\.ts)|src\/lib\/ui\/(Header|Screen|LanguageSelect|theme|tokens|base)|src\/routes\/\+/;

export default defineConfig({
  plugins: [withoutInlineStyle, sveltekit()],
  build: {
    target: ['chrome107', 'edge107', 'firefox104', 'safari16'],
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', test: everyPage }] } } },
  },
  server: { proxy: { '/api': daemon, '/livekit': { target: daemon, ws: true } } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
