import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { docs } from './scripts/docs';
import { examples } from './scripts/examples';

export default defineConfig({
  plugins: [tailwindcss(), sveltekit(), docs(), examples()],
  worker: { format: 'es' },
  build: { target: 'es2022', assetsInlineLimit: 0 }
});
