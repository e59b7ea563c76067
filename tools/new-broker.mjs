// @ts-check
// `npm run new:broker -- <id> [--out <folder>]`: writes a new broker plugin to start from: a
// library of the workspace, or a package of its own in that folder.
import { join, relative, resolve } from 'node:path';
import { root } from './lib/root.mjs';
import { generateBroker } from './new-broker/generate.mjs';

const aloneSteps = [
  'Next: npm install, then npm run conformance: it says what is still to be written.',
  'docs/writing-a-broker.md has the contract, and how the platform loads the package.',
];

process.exitCode = await newBroker(process.argv.slice(2));

/** @param {readonly string[]} args */
async function newBroker(args) {
  const at = args.indexOf('--out');
  const out = at < 0 ? undefined : args[at + 1];
  const [id, ...rest] = args.filter((_, index) => at < 0 || (index !== at && index !== at + 1));
  if (id === undefined || rest.length > 0 || (at >= 0 && out === undefined)) {
    console.error('Usage: npm run new:broker -- <id> [--out <folder>]');
    return 1;
  }
  const isAlone = out !== undefined;
  const folder = isAlone ? resolve(out) : join(root, 'libs', `broker-${id}`);
  try {
    const files = await generateBroker({ id, folder, isAlone });
    for (const file of files) console.log(relative(process.cwd(), join(folder, file)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
  console.log(`\n${(isAlone ? aloneSteps : workspaceSteps(id)).join('\n')}`);
  return 0;
}

/** @param {string} id */
function workspaceSteps(id) {
  return [
    'Next: npm install, which links the library. Then add its name to',
    `  tools/lint/projects.mjs    'broker-${id}': what it may import`,
    '  tools/tidy/broker-names.ts where it may be named',
    '  apps/api/src/plugins.ts    the list of plugins',
    `npm run conformance -w @strikewire/broker-${id} says what is still to be written.`,
    'docs/writing-a-broker.md has the contract.',
  ];
}
