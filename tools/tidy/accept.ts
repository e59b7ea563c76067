// `npm run tidy:accept`: commits to what the libraries export now. Look at the difference: each
// name here is one that somebody may build on.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/root.mjs';
import { readPublicExports, snapshotOf } from './public-exports';

writeFileSync(join(root, 'tools/tidy/public-exports.json'), snapshotOf(readPublicExports(root)));
