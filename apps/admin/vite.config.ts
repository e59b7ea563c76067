import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const server = 'localhost:3000';

export default defineConfig({
  plugins: [vue()],
  build: {
    target: 'es2022',
    // Inlined files would be data: addresses, which a strict content policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/api': { target: `http://${server}` },
      '/ws': { target: `ws://${server}`, ws: true },
    },
  },
});
