import { z } from 'zod';

/** The one error body of every route and socket message. */
export const errorBodySchema = z.object({
  error: z.object({
    /** Stable, for programs. */
    code: z.string(),
    /** What was found and what was needed, for people. */
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string(),
  }),
});
/** The body of an error answer. */
export type ErrorBody = z.infer<typeof errorBodySchema>;
