/**
 * `npm run campaign orders [-- --seeds N --from N]`: that many traders whose broker, connections
 * and process fail as each seed has it. Prints what is doubtful, with the story of its seed, and
 * ends with an error when anything is.
 */
import { runCampaign } from '../support/run-campaign';
import { liveOrders } from '../support/order-campaign';

process.exitCode = await runCampaign(process.argv.slice(2), (seed) => liveOrders(seed));
