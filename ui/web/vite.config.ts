import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

// The compiler of JSX looks at this alone: built from within tests ("test"), every element would carry the path of its source.
process.env['NODE_ENV'] = 'production';

/** `vite build ui/web`: the application, as files that the server hands out. Nothing is inlined, since the pages allow no inline script. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  plugins: [preact()],
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2022' },
});
