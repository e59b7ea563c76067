import { z } from 'zod';

/**
 * What an account of Upstox needs. The token comes with signing in; one that was made at the
 * broker (a token for analytics lasts a year and cannot trade) does as well, and needs no secret.
 */
export const upstoxCredentials = z.object({
  clientId: z
    .string()
    .regex(/^[A-Za-z0-9-]{4,64}$/, { error: 'needs the API key of your Upstox app' })
    .meta({ label: 'API key', help: 'Shown in the developer apps of your Upstox account' }),
  clientSecret: z
    .string()
    .min(4, { error: 'needs the whole API secret' })
    .max(128)
    .optional()
    .meta({ label: 'API secret', help: 'Needed to sign in from here', secret: true }),
  accessToken: z
    .string()
    .min(20, { error: 'needs the whole access token' })
    .optional()
    .meta({
      label: 'Access token',
      help: 'Comes with signing in, until 03:30; an analytics token lasts a year',
      secret: true,
    }),
});
export type UpstoxCredentials = z.infer<typeof upstoxCredentials>;

/** Upstox's hosts (API v2 and v3); settings may point them elsewhere. The feed's is asked for. */
export const upstoxEndpoints = {
  rest: 'https://api.upstox.com',
  orders: 'https://api-hft.upstox.com',
  instruments: 'https://assets.upstox.com/market-quote/instruments/exchange',
};
export type UpstoxEndpoints = typeof upstoxEndpoints;

export interface UpstoxConfig {
  credentials: UpstoxCredentials;
  endpoints: UpstoxEndpoints;
}

/**
 * Where orders are placed, modified and cancelled: a host of its own. Whoever replaces the REST
 * host and names none for orders means that one for them too: an order never goes to the real
 * broker while everything else goes elsewhere.
 */
export function ordersRootOf({ rest, orders }: UpstoxEndpoints): string {
  const isLeftOut = orders === upstoxEndpoints.orders && rest !== upstoxEndpoints.rest;
  return isLeftOut ? rest : orders;
}
