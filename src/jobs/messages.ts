/** Messages of the queue: chunks of jobs, and R2's event notifications. */
import * as z from 'zod';

/** The number of a chunk and not its keys: a hundred lists of keys would exceed the 256 kB of a `sendBatch`. */
export const chunkMessageSchema = z.object({ job: z.string(), chunk: z.int().min(0) });

export type ChunkMessage = z.infer<typeof chunkMessageSchema>;

/**
 * The part of R2's event notification that is used.
 *
 * @see https://developers.cloudflare.com/r2/buckets/event-notifications/#message-format
 */
export const bucketEventSchema = z.object({
  action: z.string(),
  object: z.object({ key: z.string().min(1) }),
});

export type BucketEvent = z.infer<typeof bucketEventSchema>;

/** The actions that create a new picture. */
export const PUT_ACTIONS: ReadonlySet<string> = new Set([
  'PutObject',
  'CopyObject',
  'CompleteMultipartUpload',
]);
