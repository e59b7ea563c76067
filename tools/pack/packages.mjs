// @ts-check

/** Version that plugins ask for: of the contract's packages, not of the platform. */
export const version = '0.1.0';

/** @typedef {{ name: string, entries: Record<string, string>, optional?: string[] }} Package */

/**
 * What the author of a plugin installs: each package with its entries, by the name of their file
 * below `src`, and what has to be installed besides only by whoever uses that entry.
 * @type {readonly Package[]}
 */
export const packages = [
  {
    name: 'runtime',
    entries: { '.': 'index', './node': 'node/index', './virtual': 'virtual/index' },
    optional: ['undici', 'ws'],
  },
  { name: 'contracts', entries: { '.': 'index' } },
  { name: 'market-data', entries: { '.': 'index' } },
  {
    name: 'broker',
    entries: {
      '.': 'core/index', './engine': 'engine/index', './conformance': 'conformance/index',
    },
  },
];
