/** `POST /v1/collections/{name}/search`: the items most like a picture, an embedding or another item. */
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { idSchema, searchOptionsSchema } from '../../collection-options.ts';
import { searchAnswer } from '../../collection-status.ts';
import { fail, ok, type Result } from '../../failure.ts';
import { EMBEDDING_SPACE } from '../../inference/embedding-space.ts';
import type { Fields } from '../../input/contents.ts';
import { nativeJsonImage, readImage } from '../../input/image.ts';
import { embeddingOf } from '../../input/items.ts';
import { checkFields } from '../../input/json.ts';
import { askedFor } from '../collection-request.ts';
import type { AppEnv } from '../env.ts';
import { optionsReader } from '../options.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';
import { respond } from './collections.ts';

/** JSON that names no picture. */
export const searchForSchema = z.looseObject({ id: idSchema });
const embeddingSchema = z.looseObject({ embedding: z.unknown(), embedding_space: z.unknown().optional() });

type Asked =
  | { readonly id: string }
  | { readonly embedding: Float32Array; readonly fingerprint?: Uint8Array };

export function searchRoute({ guard, collections }: Services): Hono<AppEnv> {
  const readOptions = optionsReader(searchOptionsSchema);

  async function search(c: Context<AppEnv>): Promise<Response> {
    const asked = askedFor(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const query = readOptions(c);
    if (!query.ok) return problemResponse(c, query.failure);
    const input = await read(c);
    if (!input.ok) return problemResponse(c, input.failure);
    const { what, fields } = input.value;
    const options = readOptions(c, fields);
    if (!options.ok) return problemResponse(c, options.failure);
    const { top_k: limit, min_similarity: minSimilarity, label } = options.value;
    const { reference, caller, name } = asked.value;
    const found = await collections.search(reference, caller, {
      ...what,
      limit,
      minSimilarity,
      ...(label === undefined ? {} : { label }),
    });
    return respond(c, found, (value) => searchAnswer(value, caller, name));
  }

  return new Hono<AppEnv>().post('/:name/search', guard, search);
}

async function read(c: Context<AppEnv>): Promise<Result<{ readonly what: Asked; readonly fields: Fields }>> {
  const { limits, fetchImage } = c.get('work');
  const ofPicture = nativeJsonImage(fetchImage, limits.hold);
  let other: Asked | undefined;
  const image = await readImage(c.req.raw, limits, (value) => {
    const named = namedIn(value);
    if (named === undefined) return ofPicture(value);
    if (!named.ok) return named;
    other = named.value.what;
    return ok({ bytes: new Uint8Array(), fields: named.value.fields });
  });
  if (!image.ok) return image;
  const { bytes, fields } = image.value;
  if (other !== undefined) return ok({ what: other, fields });
  const seen = await c.get('work').classifier.see(bytes);
  if (!seen.ok) return seen;
  const { embedding, fingerprint } = seen.value;
  return ok({ what: { embedding, fingerprint }, fields });
}

/** What JSON asks for without a picture; undefined where it has one, or should. */
function namedIn(value: unknown): Result<{ readonly what: Asked; readonly fields: Fields }> | undefined {
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
    return ok({ what: { embedding: source.value.embedding }, fields: Object.entries(others) });
  }
  if (!('id' in value)) return undefined;
  const given = checkFields(searchForSchema, value);
  if (!given.ok) return given;
  const { id, ...others } = given.value;
  return ok({ what: { id }, fields: Object.entries(others) });
}
