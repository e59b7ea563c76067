// @ts-check
// `npm run pack:packages -- <folder>`: the packages that the author of a plugin installs, as
// tarballs in that folder.
import { resolve } from 'node:path';
import { packPackages } from './pack/pack.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: npm run pack:packages -- <folder>');
  process.exitCode = 1;
} else {
  for (const tarball of Object.values(await packPackages(resolve(folder)))) console.log(tarball);
}
