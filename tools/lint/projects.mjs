// @ts-check
/** The feature chain: each library may import those left of it. */
const chain = [
  'runtime',
  'contracts',
  'market-data',
  'trading-hours',
  'broker',
  'option-chain',
  'margin',
  'orders',
  'strategy',
  'history',
];

/** From here on a library may have a src/module, which may use the shell. */
const firstShell = chain.indexOf('trading-hours');
const firstPriced = chain.indexOf('option-chain');

/** @type {Record<string, string[]>} */
const others = {
  pricing: [],
  // An adapter knows no feature and no other adapter.
  'broker-dhan': ['runtime', 'contracts', 'market-data', 'broker'],
  'broker-upstox': ['runtime', 'contracts', 'market-data', 'broker'],
  'broker-openalgo': ['runtime', 'contracts', 'market-data', 'broker'],
  // A market of our own: it matches by the pure functions that analysis and charges use.
  'broker-paper': ['runtime', 'contracts', 'market-data', 'broker', 'orders'],
  client: ['runtime', 'contracts', 'market-data'],
  admin: [...chain, 'client', 'pricing'],
  platform: ['runtime', 'contracts'],
  access: ['runtime', 'contracts', 'platform'],
  // It shares no formula and no codec with us: a mistake must not agree with itself.
  simulator: ['runtime', 'contracts'],
  // Sessions of the exchange reach the simulator as data.
  'market-simulator': ['runtime', 'contracts', 'simulator', 'trading-hours'],
};

/** Which project (by its tag in package.json) may import which; for the rule of Nx. */
export const depConstraints = [
  ...chain.map((name, place) => {
    const shell = place >= firstShell ? ['platform', 'access'] : [];
    const formulas = place >= firstPriced ? ['pricing'] : [];
    return constraint(name, [...chain.slice(0, place), ...shell, ...formulas]);
  }),
  ...Object.entries(others).map(([name, allowed]) => constraint(name, allowed)),
  // The composition root, and what is not a project of its own: tools and tests.
  { sourceTag: 'scope:api', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'scope:workspace', onlyDependOnLibsWithTags: ['*'] },
];

/**
 * @param {string} name
 * @param {readonly string[]} allowed
 */
function constraint(name, allowed) {
  return {
    sourceTag: `scope:${name}`,
    onlyDependOnLibsWithTags: allowed.map((other) => `scope:${other}`),
  };
}
