/**
 * `npm run soak day`: a whole trading day of the whole universe in virtual time, to the close of
 * derivatives. Prints what it took; ends with an error when anything was wrong.
 */
import { liveUniverseDay } from '../support/universe-day';

const before = process.cpuUsage();
const { chains, contracts, wrong, violations } = await liveUniverseDay('15:45');
const { user, system } = process.cpuUsage(before);
console.log(`${chains} chains, ${contracts} contracts: ${Math.round((user + system) / 1e6)} CPU s`);
for (const line of wrong) console.error(line);
console.log(`${violations.total} violations`);
process.exitCode = wrong.length > 0 || violations.total > 0 ? 1 : 0;
