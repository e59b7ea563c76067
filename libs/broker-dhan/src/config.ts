import { z } from 'zod';

/** What an account of Dhan needs. */
export const dhanCredentials = z.object({
  clientId: z
    .string()
    .regex(/^\d{4,12}$/, { error: 'needs the 4 to 12 digits that Dhan shows as client id' })
    .meta({ label: 'Client ID', help: 'Shown in your Dhan profile' }),
  accessToken: z
    .string()
    .min(20, { error: 'needs the whole access token' })
    .meta({ label: 'Access token', help: 'Valid for 24 hours', secret: true }),
});
export type DhanCredentials = z.infer<typeof dhanCredentials>;

/** Dhan's hosts (DhanHQ v2 documentation); settings may point them elsewhere. */
export const dhanEndpoints = {
  rest: 'https://api.dhan.co/v2',
  feed: 'wss://api-feed.dhan.co',
  master: 'https://images.dhan.co/api-data/api-scrip-master-detailed.csv',
};
export type DhanEndpoints = typeof dhanEndpoints;

export interface DhanConfig {
  credentials: DhanCredentials;
  endpoints: DhanEndpoints;
}
