import { z } from 'zod';

/**
 * What an account of Dhan needs. A token lasts 24 hours. One that was made at Dhan's site can be
 * renewed while it lasts; with PIN and TOTP secret a new one can be had at any time.
 */
export const dhanCredentials = z.object({
  clientId: z
    .string()
    .regex(/^\d{4,12}$/, { error: 'needs the 4 to 12 digits that Dhan shows as client id' })
    .meta({ label: 'Client ID', help: 'Shown in your Dhan profile' }),
  accessToken: z
    .string()
    .min(20, { error: 'needs the whole access token' })
    .meta({ label: 'Access token', help: 'Valid for 24 hours', secret: true }),
  pin: z
    .string()
    .regex(/^\d{6}$/, { error: 'needs the six digits of your Dhan PIN' })
    .optional()
    .meta({
      label: 'PIN',
      help: 'With the TOTP secret: tokens are had anew without you',
      secret: true,
    }),
  totpSecret: z
    .string()
    .regex(/^(?:[A-Za-z2-7][ -]?){16,128}=*$/, {
      error: 'needs the secret that Dhan shows beside the QR code: letters and digits 2 to 7',
    })
    .optional()
    .meta({
      label: 'TOTP secret',
      help: 'Shown once, beside the QR code, when TOTP is set up at Dhan',
      secret: true,
    }),
});
export type DhanCredentials = z.infer<typeof dhanCredentials>;

/** Dhan's hosts (DhanHQ v2 documentation); settings may point them elsewhere. */
export const dhanEndpoints: DhanEndpoints = {
  rest: 'https://api.dhan.co/v2',
  feed: 'wss://api-feed.dhan.co',
  depth: 'wss://depth-api-feed.dhan.co/twentydepth',
  orders: 'wss://api-order-update.dhan.co',
  auth: 'https://auth.dhan.co',
  master: 'https://images.dhan.co/api-data/api-scrip-master-detailed.csv',
};
/** Without `depth` there is no 20-level feed, without `orders` no order updates. */
export type DhanEndpoints = Record<'rest' | 'feed' | 'auth' | 'master', string> &
  Partial<Record<'depth' | 'orders', string>>;

export interface DhanConfig {
  credentials: DhanCredentials;
  endpoints: DhanEndpoints;
}
