// @ts-check
/** Where the real world is let in: composition roots, real ports, tools, tests. */
export const compositionRoots = [
  'apps/*/src/main.ts',
  'apps/*/src/environment.ts',
  'libs/runtime/src/node/**',
  // Between two timers it lets the event loop turn once.
  'libs/runtime/src/virtual/virtual-clock.ts',
  // The real things of the browser.
  'libs/client/src/browser/**',
  'apps/admin/src/browser-clock.ts',
  // It waits for real processes; virtual time has no say there.
  'libs/platform/src/postgres/**',
  'tools/**',
  'tests/**',
  '**/*.bench.ts',
  '*.config.{ts,mjs}',
  '**/*.config.{ts,mts}',
];

const takeClock = 'Take a Clock: time comes in as an argument.';
const takeRandom = 'Take a Random: chance comes in as an argument.';
const timers = ['setTimeout', 'setInterval', 'setImmediate'];

/** Time, chance and environment outside of the composition roots. */
export const impurityRules = {
  'no-console': 'error',
  'no-restricted-globals': [
    'error',
    ...timers.map((name) => ({ name, message: takeClock })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: takeClock },
    { object: 'performance', property: 'now', message: takeClock },
    { object: 'Math', property: 'random', message: takeRandom },
    { object: 'crypto', property: 'randomUUID', message: takeRandom },
    {
      object: 'process',
      property: 'env',
      message: 'Settings are read in src/environment.ts of an application and passed on.',
    },
    ...timers.flatMap((property) => [
      { object: 'globalThis', property, message: takeClock },
      { object: 'window', property, message: takeClock },
    ]),
  ],
};

const sqlTime = 'now\\(\\)|current_timestamp|clock_timestamp\\(\\)';
const sqlMessage = 'SQL has no clock that tests can set: pass the time as a parameter.';

/** Bans on pieces of syntax: default exports everywhere, time outside composition roots. */
export const syntax = {
  defaultExport: {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name: a default export has another name in each importer.',
  },
  time: [
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: takeClock },
    { selector: `Literal[value=/${sqlTime}/i]`, message: sqlMessage },
    { selector: `TemplateElement[value.raw=/${sqlTime}/i]`, message: sqlMessage },
  ],
};
