import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

// Where the API may be. One build serves any API, so without a list that is any https address and this machine.
const apiOrigins = process.env.DOCTOWN_API_ORIGINS?.split(/[\s,]+/).filter(Boolean) ?? [
  'https:',
  'http://localhost:*',
  'http://127.0.0.1:*'
];

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    // Every address that is no file is answered with this page; the router in it takes over.
    adapter: adapter({ fallback: '200.html' }),
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        'worker-src': ['self'],
        'style-src': ['self'],
        // The one style attribute there is: SvelteKit's announcer of page titles hides itself with it.
        'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'data:'],
        'font-src': ['self'],
        'connect-src': ['self', ...apiOrigins],
        'base-uri': ['none'],
        'form-action': ['self'],
        'object-src': ['none']
      }
    }
  }
};
