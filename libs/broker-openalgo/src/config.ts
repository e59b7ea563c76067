import { z } from 'zod';

/** What an account of OpenAlgo needs: the key of the person who runs it. */
export const openalgoCredentials = z.object({
  apiKey: z
    .string()
    .regex(/^[\x21-\x7e]{8,256}$/, { error: 'needs the whole API key' })
    .meta({ label: 'API key', help: 'Shown on the API key page of OpenAlgo', secret: true }),
});
export type OpenalgoCredentials = z.infer<typeof openalgoCredentials>;

/** OpenAlgo as it is set up on one's own machine; settings may point elsewhere. */
export const openalgoEndpoints = {
  rest: 'http://127.0.0.1:5000',
  feed: 'ws://127.0.0.1:8765',
};
export type OpenalgoEndpoints = typeof openalgoEndpoints;

export interface OpenalgoConfig {
  credentials: OpenalgoCredentials;
  endpoints: OpenalgoEndpoints;
}
