import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where `npm run dev` finds the server with the API. */
const SERVER = process.env['MUSTER_DEV_SERVER'] ?? 'http://127.0.0.1:7300';

const COMPRESSIBLE = /\.(?:js|css|svg|json)$/;

/** Files are compressed once, when the page is built, and not for each who asks. */
function precompress(): Plugin {
  return {
    name: 'muster-precompress',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [fileName, file] of Object.entries(bundle)) {
          if (!COMPRESSIBLE.test(fileName)) continue;
          const source = Buffer.from(file.type === 'chunk' ? file.code : file.source);
          if (source.length < 1_024) continue;
          this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(source, { level: 9 }) });
          this.emitFile({
            type: 'asset',
            fileName: `${fileName}.br`,
            source: brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
          });
        }
      },
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  // Beside the address that index.html names, so that the page works below a path of a proxy's too.
  base: './',
  plugins: [react(), precompress()],
  build: {
    outDir: path.join(import.meta.dirname, 'dist'),
    emptyOutDir: true,
    target: 'baseline-widely-available',
    // A policy without `unsafe-inline` and `data:` for fonts and scripts: everything is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      // A page takes of the components what it uses, although it asks for them in one place.
      treeshake: { moduleSideEffects: [{ test: /web\/src\/components\//, sideEffects: false }] },
      output: {
        codeSplitting: {
          // What every page needs is one file: each is asked for, compiled and linked by itself, which thirty small ones make felt.
          groups: [{ name: 'first', tags: ['$initial'] }],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    port: 7301,
    proxy: Object.fromEntries(
      ['/api', '/sign-in', '/signed-in', '/sign-out', '/set-password', '/change-password', '/forgot-password', '/almaws'].map((at) => [
        at,
        SERVER,
      ]),
    ),
  },
});
