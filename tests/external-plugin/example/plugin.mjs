// A broker of somebody else's, in plain JavaScript: what it needs it has installed.
import { brokerContract, defineBroker } from '@strikewire/broker';
import { z } from 'zod';
import { createFeed } from './feed.mjs';
import { limits } from './limits.mjs';
import { createMarketData, ExampleRest } from './rest.mjs';

export const exampleBroker = defineBroker({
  id: 'example',
  label: 'Example Broker',
  contract: brokerContract,
  credentials: z.object({
    login: z
      .string()
      .regex(/^[a-z]{3,20}$/, { error: 'needs 3 to 20 small letters' })
      .meta({ label: 'Login', help: 'As on the letter' }),
    accessToken: z
      .string()
      .min(8, { error: 'needs the whole token' })
      .meta({ label: 'Access token', secret: true }),
    desk: z.enum(['mumbai', 'pune']).optional().meta({ label: 'Desk' }),
  }),
  endpoints: { rest: 'https://api.broker.example', feed: 'wss://feed.broker.example' },
  capabilities: {
    exchanges: ['NSE'], depthLevels: 1, brokerGreeks: false, untold: ['tradeTimes'],
  },
  limits,
  accountOf: ({ login }) => login,
  environment: {
    credentials: {
      login: 'EXAMPLE_LOGIN', accessToken: 'EXAMPLE_ACCESS_TOKEN', desk: 'EXAMPLE_DESK',
    },
    endpoints: { rest: 'EXAMPLE_REST_URL', feed: 'EXAMPLE_FEED_URL' },
  },
  create(config, deps) {
    const rest = new ExampleRest(config, deps);
    return {
      marketData: createMarketData(rest, deps),
      feed: createFeed(config),
      async check() {
        const { body } = await rest.get('/me');
        return { accountId: body.login, hasMarketData: body.data, tokenExpiresMs: null };
      },
    };
  },
});
