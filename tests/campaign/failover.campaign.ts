/**
 * `npm run campaign failover [-- --seeds N --from N]`: that many quarters of an hour in which
 * accounts, sockets and brokers fail as each seed has it. Prints what is doubtful, with the story
 * of its seed, and ends with an error when anything is.
 */
import { liveStory } from '../support/failover-campaign';
import { runCampaign } from '../support/run-campaign';

process.exitCode = await runCampaign(process.argv.slice(2), (seed) => liveStory(seed));
