import { StrikewireError } from '@strikewire/runtime';
import { z } from 'zod';
import { brokerContract, defineBroker, type AnyBrokerPlugin } from '../../core/plugin';

/** What the desk broker answers to "Test connection", by token. */
export interface DeskBrokerBehaviour {
  /** Tokens that it refuses. */
  dead: Set<string>;
  /** Tokens that it was asked with. */
  asked: string[];
}

const credentials = z.object({
  client: z
    .string()
    .regex(/^c\d+$/, { error: 'needs c and digits' })
    .meta({ label: 'Client', help: 'As on the letter' }),
  token: z.string().min(8, { error: 'needs 8 characters' }).meta({ label: 'Token', secret: true }),
  pin: z.string().max(12).optional().meta({ label: 'PIN', secret: true }),
  lots: z.number().optional().meta({ label: 'Lots' }),
  segment: z.enum(['fo', 'cash']).default('fo').meta({ label: 'Segment' }),
  live: z.boolean().default(true).meta({ label: 'Live' }),
});

/** A broker with a field of each kind, for tests of accounts; it has no market. */
export function createDeskBroker(
  behaviour: DeskBrokerBehaviour,
  { id = 'desk', windowMs = 1_000 } = {},
): AnyBrokerPlugin {
  return defineBroker({
    id,
    label: 'Desk Broker',
    contract: brokerContract,
    credentials,
    endpoints: { rest: 'http://desk.test' },
    capabilities: { exchanges: ['NSE'], depthLevels: 1, brokerGreeks: false },
    limits: {
      rest: [{ class: 'account', limit: 2, windowMs }],
      feed: {
        socketsMax: 2,
        socketsPlanned: 1,
        instrumentsPerSocketMax: 10,
        instrumentsPerMessageMax: 10,
        lingerMs: 1_000,
        throttledWaitMs: 1_000,
        silentMs: 1_000,
      },
    },
    accountOf: ({ client }) => client,
    environment: {
      credentials: {
        client: 'DESK_CLIENT',
        token: 'DESK_TOKEN',
        pin: 'DESK_PIN',
        lots: 'DESK_LOTS',
        segment: 'DESK_SEGMENT',
        live: 'DESK_LIVE',
      },
      endpoints: { rest: 'DESK_REST' },
    },
    create: ({ credentials: { client, token } }, { gate }) => ({
      marketData: {} as never,
      feed: {} as never,
      check: () =>
        gate.run({ class: 'account' }, async () => {
          behaviour.asked.push(token);
          if (!behaviour.dead.has(token)) {
            return { accountId: client, hasMarketData: true, tokenExpiresMs: null };
          }
          const message = 'the broker refused the token';
          throw new StrikewireError({ kind: 'unauthenticated', code: 'token_dead', message });
        }),
    }),
  }) as AnyBrokerPlugin;
}
