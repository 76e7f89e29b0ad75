/** What is answered to the import of a head. HTTP and RPC give the same. */
import * as z from 'zod';
import { collectionVersionSchema } from '../collection-answer.ts';
import type { Changed } from '../collections/facts.ts';
import type { HeadImport } from '../collections/head-import.ts';

export const importedHeadSchema = z.lazy(() =>
  z
    .object({
      head: z
        .object({
          version: z.int().min(1).describe('Under which it is kept, and active now.'),
          status: z.enum(['imported', 'unchanged']).describe('`unchanged`: it was there already.'),
        })
        .readonly(),
      collection: collectionVersionSchema,
    })
    .readonly()
    .meta({ id: 'ImportedHead', description: 'It answers; items come with a file of items.' }),
);

export type ImportedHead = z.infer<typeof importedHeadSchema>;

/** @param name as the caller has called it. */
export function importedHeadAnswer({ value, facts }: Changed<HeadImport>, name: string): ImportedHead {
  return {
    head: value,
    collection: { name, version: facts.version, active_version: value.version },
  };
}
