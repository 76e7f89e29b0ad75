/** The answer to the import of a head. HTTP and RPC give the same. */
import * as z from 'zod';
import { collectionVersionSchema } from '../collection-answer.ts';
import type { Changed } from '../collections/facts.ts';
import type { HeadImport } from '../collections/head-import.ts';

export const importedHeadSchema = z.lazy(() =>
  z
    .object({
      head: z
        .object({
          version: z.int().min(1).describe('The version under which it is kept, and which is active now.'),
          status: z.enum(['imported', 'unchanged']).describe('`unchanged`: it existed already.'),
        })
        .readonly(),
      collection: collectionVersionSchema,
    })
    .readonly()
    .meta({ id: 'ImportedHead', description: 'It answers; items come with a file of items.' }),
);

export type ImportedHead = z.infer<typeof importedHeadSchema>;

/** @param name the collection's name as the caller gave it. */
export function importedHeadAnswer({ value, facts }: Changed<HeadImport>, name: string): ImportedHead {
  return {
    head: value,
    collection: { name, version: facts.version, active_version: value.version },
  };
}
