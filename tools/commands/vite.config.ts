import { defineConfig } from 'vite';

const commands = [
  'back-up-command',
  'reset-password-command',
  'restore-command',
  'rotate-master-key-command',
  'verify-activity-command',
];

/** The commands for an installation without the tools of development. */
export default defineConfig({
  oxc: { decorator: { legacy: true } },
  root: import.meta.dirname,
  build: {
    ssr: true,
    outDir: 'dist',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    rollupOptions: {
      input: Object.fromEntries(commands.map((name) => [name, `${name}.ts`])),
      output: { entryFileNames: '[name].js' },
    },
  },
});
