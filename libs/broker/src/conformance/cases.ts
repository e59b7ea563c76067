import type { ConformanceCase } from './case';
import { authCases } from './cases/auth';
import { chainCases } from './cases/chains';
import { decoderCases } from './cases/decoder';
import { declarationCases } from './cases/declaration';
import { faultCases } from './cases/faults';
import { feedCases } from './cases/feed';
import { feedFaultCases } from './cases/feed-faults';
import { instrumentCases } from './cases/instruments';
import { limitCases } from './cases/limits';
import { marginCases } from './cases/margin';
import { orderFaultCases } from './cases/order-faults';
import { orderFeedCases } from './cases/order-feed';
import { orderCases } from './cases/orders';
import { priceCases } from './cases/prices';

/** Every case, in the order in which they are run: the last look back at all others. */
export const conformanceCases: readonly ConformanceCase[] = [
  ...declarationCases,
  ...instrumentCases,
  ...chainCases,
  ...priceCases,
  ...feedCases,
  ...decoderCases,
  ...authCases,
  ...faultCases,
  ...feedFaultCases,
  ...orderCases,
  ...orderFaultCases,
  ...orderFeedCases,
  ...marginCases,
  ...limitCases,
];
