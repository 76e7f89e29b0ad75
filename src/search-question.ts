/** What a search looks for if no picture is given: an item by its id, or an embedding. HTTP and RPC take the same. */
import * as z from 'zod';
import { idSchema } from './collection-options.ts';
import { fail, ok, type Result } from './failure.ts';
import { EMBEDDING_SPACE } from './inference/embedding-space.ts';
import type { Fields } from './input/contents.ts';
import { embeddingOf } from './input/items.ts';
import { checkFields } from './input/json.ts';

export const searchForSchema = z.looseObject({ id: idSchema });
const embeddingSchema = z.looseObject({ embedding: z.unknown(), embedding_space: z.unknown().optional() });

/** What items are compared with. The fingerprint is that of a picture; without one, fewer copies are found. */
export type Sought =
  | { readonly id: string }
  | { readonly embedding: Float32Array; readonly fingerprint?: Uint8Array };

/** What is searched for, and the options sent with it. */
export interface Question {
  readonly sought: Sought;
  readonly fields: Fields;
}

/** @returns undefined if the object names a picture, or should. */
export function questionOf(value: unknown): Result<Question> | undefined {
  if (typeof value !== 'object' || value === null || 'image' in value || 'url' in value) return undefined;
  if ('embedding' in value) {
    const given = checkFields(embeddingSchema, value);
    if (!given.ok) return given;
    const { embedding, embedding_space, ...others } = given.value;
    const source = embeddingOf(embedding, embedding_space, 'embedding');
    if (!source.ok) return source;
    const { space } = source.value;
    if (space !== undefined && space !== EMBEDDING_SPACE)
      return fail({ code: 'embedding_space_differs', given: space, wanted: EMBEDDING_SPACE });
    return ok({ sought: { embedding: source.value.embedding }, fields: Object.entries(others) });
  }
  if (!('id' in value)) return undefined;
  const given = checkFields(searchForSchema, value);
  if (!given.ok) return given;
  const { id, ...others } = given.value;
  return ok({ sought: { id }, fields: Object.entries(others) });
}
