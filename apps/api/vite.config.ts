import { defineConfig } from 'vite';

/** Our own code in one file; packages stay in node_modules. */
export default defineConfig({
  oxc: { decorator: { legacy: true } },
  build: {
    ssr: 'src/main.ts',
    outDir: 'dist',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: true,
    rollupOptions: { output: { entryFileNames: 'main.js' } },
  },
});
