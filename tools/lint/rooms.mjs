// @ts-check
/** @typedef {{ group: string[], message: string }} Ban */

/** @type {Ban} */
const noNode = {
  group: ['node:*'],
  message: 'This runs in a browser and in virtual time: take I/O as an argument (a runtime port).',
};

/** @type {Ban} */
const noShell = {
  group: [
    '@nestjs/*',
    'typeorm',
    'pg',
    'fastify',
    '@fastify/*',
    '@strikewire/platform',
    '@strikewire/platform/*',
    '@strikewire/access',
    '@strikewire/access/*',
  ],
  message: 'Only src/module and the API know the server framework and the database.',
};

/** @type {Ban} */
const noRealThings = {
  group: ['@strikewire/runtime/node', 'undici', 'ws', 'pino'],
  message: 'Sockets, HTTP and logs come in as runtime ports.',
};

/** @type {Ban} */
const noEngine = {
  group: ['**/engine', '**/engine/**', '@strikewire/*/engine'],
  message: 'src/core is pure: it knows no engine.',
};

/** @type {Ban} */
const noModule = {
  group: ['**/module', '**/module/**', '@strikewire/*/module'],
  message: 'src/module is the outermost room: core and engine do not know it.',
};

/** @type {Ban} */
const noRawTimers = {
  group: ['node:timers', 'node:timers/*'],
  message: 'Take a Clock: time comes in as an argument.',
};

/** Time columns are written with the clock of the platform, which tests can set. */
const typeormNames = {
  name: 'typeorm',
  importNames: ['CreateDateColumn', 'UpdateDateColumn', 'DeleteDateColumn'],
  message: 'Write the time yourself, from the Clock.',
};

const vueNames = {
  name: 'vue',
  importNames: ['ref', 'reactive'],
  message: 'Use shallowRef: deep reactivity walks everything that a chain holds.',
};

/** Folders and what may not be imported there; specs may import anything. */
const rooms = [
  { files: ['libs/*/src/**', 'apps/*/src/**'], bans: [noRawTimers] },
  { files: ['libs/*/src/core/**'], bans: [noNode, noShell, noRealThings, noEngine, noModule] },
  { files: ['libs/*/src/engine/**'], bans: [noNode, noShell, noRealThings, noModule] },
  {
    files: ['contracts', 'market-data', 'pricing', 'client', 'simulator', 'broker-*']
      .map((name) => `libs/${name}/src/**`)
      .concat('libs/runtime/src', 'libs/runtime/src/virtual/**'),
    bans: [noNode, noShell, noRealThings],
  },
  {
    files: ['apps/admin/src/**'],
    bans: [noNode, noShell, noRealThings, { ...noEngine, message: 'Only cores are isomorphic.' }],
  },
];

/** Rooms of the libraries by `no-restricted-imports`; the last one that fits a file counts. */
export const roomRules = rooms.map(({ files, bans }) => ({
  files: files.flatMap((folder) => [`${folder}/*.ts`, `${folder}/*.vue`]),
  ignores: ['**/*.spec.ts', '**/*.bench.ts', 'libs/platform/src/postgres/**'],
  rules: {
    'no-restricted-imports': ['error', { patterns: bans, paths: [typeormNames, vueNames] }],
  },
}));
