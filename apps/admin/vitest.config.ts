import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [vue()],
  test: {
    name: 'admin',
    include: ['src/**/*.spec.ts'],
    environment: 'happy-dom',
    testTimeout: 30_000,
    css: false,
    server: { deps: { inline: ['element-plus'] } },
  },
});
