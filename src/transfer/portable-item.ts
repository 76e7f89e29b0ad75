/** An item as a line of NDJSON, with everything that is stored of it, so that it can be imported unchanged. */
import * as z from 'zod';
import { EMBEDDING_LENGTH } from '../answer.ts';
import { idSchema, labelSchema, metadataSchema } from '../collection-options.ts';
import type { NewItem } from '../collections/item.ts';
import type { ExportedItem } from '../collections/item-export.ts';
import { fail, ok, type Result } from '../failure.ts';
import { EMBEDDING_SPACE } from '../inference/embedding-space.ts';
import { embeddingOf } from '../input/items.ts';
import { checkFields } from '../input/json.ts';
import { itemOfEmbedding } from '../teaching.ts';

const LINE = 'must be an object with "embedding", as an export has it on each line';
const FINGERPRINT = 'must be 16 hexadecimal digits, or null';

export const exportedItemSchema = z.lazy(() =>
  z
    .object({
      id: z.string(),
      label: z.string().nullable(),
      metadata: z.record(z.string(), z.unknown()).readonly().nullable(),
      embedding: z
        .array(z.int().min(-127).max(127))
        .length(EMBEDDING_LENGTH)
        .readonly()
        .describe('As stored: only its direction, each number a multiple of the 127th part of the largest.'),
      embedding_space: z
        .string()
        .describe('The embedding space: only embeddings of the same space can be compared.'),
      fingerprint: z
        .string()
        .nullable()
        .describe('Hexadecimal digits that copies of a picture share; null if there was no picture.'),
      added: z.iso.datetime(),
    })
    .readonly()
    .meta({ id: 'ExportedItem', description: 'One item, in the order in which they were added.' }),
);

/** A line to import: from an export, or with only some of its members. */
export const importLineSchema = z
  .looseObject(
    {
      id: idSchema.nullable().optional().describe('The SHA-256 of the embedding as float32 by default.'),
      label: labelSchema.nullable().optional(),
      metadata: metadataSchema.nullable().optional(),
      embedding: z
        .unknown()
        .refine((value) => value !== undefined, { error: LINE })
        .describe('1024 numbers of any scale, or the base64 of them as little-endian float32.'),
      embedding_space: z.string().nullable().optional(),
      fingerprint: z
        .string({ error: FINGERPRINT })
        .regex(/^[0-9a-f]{16}$/, { error: FINGERPRINT })
        .nullable()
        .optional(),
    },
    { error: LINE },
  )
  .meta({ id: 'ImportLine' });

export type PortableItem = z.output<typeof exportedItemSchema>;

/** @param space of the collection. @returns the line, without its line break. */
export function exportedLine(
  { id, label, metadata, vector, fingerprint, added }: ExportedItem,
  space: string,
): string {
  const said = JSON.stringify({ id, label }).slice(0, -1);
  const kept = JSON.stringify({
    embedding_space: space,
    fingerprint: fingerprint === null ? null : new Uint8Array(fingerprint).toHex(),
    added: new Date(added).toISOString(),
  }).slice(1);
  // Numbers and metadata are serialised already, and a hundred thousand items are many.
  return `${said},"metadata":${metadata ?? 'null'},"embedding":[${new Int8Array(vector).join(',')}],${kept}`;
}

/** @param value of a line. */
export async function importedItem(value: unknown): Promise<Result<NewItem>> {
  const given = checkFields(importLineSchema, value);
  if (!given.ok) return given;
  const { id, label, metadata, embedding, embedding_space: space, fingerprint } = given.value;
  if (typeof space === 'string' && space !== EMBEDDING_SPACE)
    return fail({ code: 'embedding_space_differs', given: space, wanted: EMBEDDING_SPACE });
  const source = embeddingOf(embedding, undefined, 'embedding');
  if (!source.ok) return source;
  const item = await itemOfEmbedding(source.value.embedding, undefined, {
    // For as many items as a file has, looking for the original of each would cost more than everything else.
    copies: false,
    ...(id == null ? {} : { id }),
    ...(label == null ? {} : { label }),
    ...(metadata == null ? {} : { metadata }),
  });
  if (!item.ok || fingerprint == null) return item;
  return ok({ ...item.value, fingerprint: Uint8Array.fromHex(fingerprint) });
}
