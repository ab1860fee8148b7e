import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';
import { docs } from './scripts/docs';

export default defineConfig({
  plugins: [tailwindcss(), sveltekit(), docs()],
  worker: { format: 'es' },
  build: { target: 'es2022', assetsInlineLimit: 0 }
});
