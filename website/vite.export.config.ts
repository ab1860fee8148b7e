import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/** Where the pack's base64 goes; `doctown export --html` and tests put it there. */
const PLACE = '@DOCPACK@';

/** Puts script and style into the page, which may then run nothing else: its policy names the script's digest. */
function onePage(): Plugin {
  return {
    name: 'one-page',
    enforce: 'post',
    generateBundle(_, bundle) {
      const parts = Object.values(bundle);
      const script = parts.find((part) => part.type === 'chunk');
      const style = parts.find((part) => part.type === 'asset' && part.fileName.endsWith('.css'));
      if (
        script?.type !== 'chunk' ||
        style?.type !== 'asset' ||
        parts.filter((part) => part.type === 'chunk').length !== 1
      ) {
        throw new Error('the export is not one script and one style');
      }
      // A closing tag within a string would end the element.
      const code = script.code.replaceAll('</script', '<\\/script');
      const css = String(style.source);
      const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
      const policy = `default-src 'none'; script-src ${digest(code)}; style-src ${digest(css)}; worker-src blob:; img-src data:; font-src data:; base-uri 'none'; form-action 'none'`;
      const page = [
        '<!doctype html>',
        '<html lang="en"><head><meta charset="utf-8">',
        `<meta http-equiv="content-security-policy" content="${policy}">`,
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">',
        `<title>Doctown</title><style>${css}</style></head><body>`,
        `<script type="application/octet-stream" id="docpack" data-name="@DOCPACK_NAME@">${PLACE}</script>`,
        `<script>${code}</script>`,
        '</body></html>\n'
      ].join('\n');
      for (const name of Object.keys(bundle)) delete bundle[name];
      this.emitFile({ type: 'asset', fileName: 'export.html', source: page });
    }
  };
}

export default defineConfig({
  plugins: [tailwindcss(), svelte(), onePage()],
  publicDir: false,
  resolve: { alias: { $lib: fileURLToPath(new URL('src/lib', import.meta.url)) } },
  build: {
    outDir: 'dist',
    target: 'es2022',
    cssCodeSplit: false,
    // The page may load nothing, so fonts are part of it.
    assetsInlineLimit: 1_000_000,
    rollupOptions: { input: 'src/export/main.ts', output: { format: 'iife', inlineDynamicImports: true } }
  },
  worker: { format: 'iife' }
});
