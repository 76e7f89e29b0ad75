/** Pictures and embeddings that are added to a collection, in every form, yielded one at a time. */
import * as z from 'zod';
import { fail, ok, type Result } from '../failure.ts';
import { decodeBase64 } from './base64.ts';
import { type BatchItem, type BatchLimits, openForm, openPicture } from './batch.ts';
import { type Fields, openContents } from './contents.ts';
import { MAX_FORM_PARTS } from './form-bounds.ts';
import { checkFields, type JsonShape } from './json.ts';
import { fetchAhead } from './url/ahead.ts';
import type { FetchImage } from './url/fetch.ts';

/** The source of an item. */
export type Source =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array }
  | { readonly kind: 'embedding'; readonly embedding: Float32Array; readonly space?: string };

export type ItemInput =
  | { readonly kind: 'item'; readonly source: Result<Source>; readonly said: Fields }
  | Exclude<BatchItem, { kind: 'image' }>;

export interface ItemsInput {
  /** Whether the body is a single picture, so that its failure is that of the whole request. */
  readonly single: boolean;
  readonly items: AsyncIterable<ItemInput>;
  /** Options for all of them: the other fields of the JSON object, or the form fields before the first picture. */
  readonly fields: Fields;
}

/** Numbers of an embedding: the same as in `answer.ts`, which this module may not import. */
const EMBEDDING_LENGTH = 1024;

const NOT_ITEMS = 'must hold "items", a list of {"image": …}, {"url": …} or {"embedding": …}';
const NOT_EMBEDDING = `must be ${EMBEDDING_LENGTH} finite numbers, not all of them 0, or the base64 of them as little-endian float32`;

const embeddingSchema = z.union(
  [
    z.array(z.number({ error: NOT_EMBEDDING })).length(EMBEDDING_LENGTH, { error: NOT_EMBEDDING }),
    z.string(),
  ],
  { error: NOT_EMBEDDING },
);

/** One item in JSON. Its options are checked with the others. */
export const jsonItemSchema = z.union(
  [
    z.looseObject({ image: z.string().describe('Base64 of an image file, or a data: URL of it.') }),
    z.looseObject({ url: z.string().describe('The URL of an image file.') }),
    z.looseObject({
      embedding: embeddingSchema.describe('1024 numbers, or the base64 of them as little-endian float32.'),
      embedding_space: z
        .string()
        .optional()
        .describe('The embedding space from the answer of `/v1/embed`. It must be that of the collection.'),
    }),
  ],
  { error: 'must hold "image" (base64 or a data: URL), "url" or "embedding"' },
);

/** Items are checked when their turn comes, so that an invalid one fails alone. */
export const jsonItemsSchema = z.looseObject(
  { items: z.array(z.unknown(), { error: NOT_ITEMS }) },
  { error: NOT_ITEMS },
);

/** Opens a list of items, as `openBatch` opens a batch. */
export async function openItems(
  request: Request,
  limits: BatchLimits,
  fetchImage: FetchImage,
): Promise<Result<ItemsInput>> {
  const { maxImageBytes, maxBatchItems, maxBatchBytes } = limits;
  const contents = await openContents(request, {
    ...limits,
    maxPictureBytes: maxImageBytes,
    jsonShape: shapeOf(maxBatchItems),
    form: {
      maxBytes: maxBatchBytes,
      maxPartBytes: maxImageBytes,
      maxParts: maxBatchItems + MAX_FORM_PARTS,
    },
  });
  if (!contents.ok) return contents;
  if (contents.value.kind === 'json') return openJson(contents.value.value, limits, fetchImage);
  const single = contents.value.kind === 'picture';
  const batch =
    contents.value.kind === 'picture'
      ? openPicture(contents.value.bytes)
      : await openForm(contents.value.parts, limits);
  if (!batch.ok) return batch;
  return ok({ single, items: itemsOf(batch.value.items), fields: batch.value.fields });
}

/** In addition to what pictures as text need: the numbers of an embedding, and metadata. */
function shapeOf(maxItems: number): JsonShape {
  return {
    maxContainers: 10_000 + 100 * maxItems,
    maxKeys: 10_000 + 100 * maxItems,
    maxCommas: 10_000 + 2 * EMBEDDING_LENGTH * maxItems,
  };
}

async function* itemsOf(items: AsyncIterable<BatchItem>): AsyncGenerator<ItemInput> {
  for await (const item of items) {
    if (item.kind !== 'image') yield item;
    else {
      const source: Result<Source> = item.image.ok
        ? ok({ kind: 'picture', bytes: item.image.value })
        : item.image;
      yield { kind: 'item', source, said: [] };
    }
  }
}

function openJson(value: unknown, limits: BatchLimits, fetchImage: FetchImage): Result<ItemsInput> {
  const one = jsonItemSchema.safeParse(value);
  const whole = checkFields(jsonItemsSchema, one.success ? { items: [value] } : value);
  if (!whole.ok) return whole;
  const { items, ...others } = whole.value;
  if (items.length > limits.maxBatchItems) {
    return fail({ code: 'batch_too_many_items', limitItems: limits.maxBatchItems });
  }
  return ok({
    single: false,
    items: jsonItems(items, others.embedding_space, fetchImage, limits),
    fields: Object.entries(others),
  });
}

type JsonItem = z.output<typeof jsonItemSchema>;

function isUrl(item: JsonItem): item is Extract<JsonItem, { url: string }> {
  return !('image' in item) && 'url' in item;
}

/** @param space the embedding space that the list states for all its items. */
async function* jsonItems(
  given: readonly unknown[],
  space: unknown,
  fetchImage: FetchImage,
  { hold, urlBatchTimeoutSeconds }: BatchLimits,
): AsyncGenerator<ItemInput> {
  const items = given.map((value, index) => checkFields(jsonItemSchema, value, `items.${index}`));
  const urls = items.flatMap((item) => (item.ok && isUrl(item.value) ? [item.value.url] : []));
  const files = fetchAhead(urls, fetchImage, hold, urlBatchTimeoutSeconds);
  try {
    for (const [index, item] of items.entries()) {
      if (!item.ok) {
        yield { kind: 'item', source: item, said: [] };
        continue;
      }
      const { image, url, embedding, ...said } = item.value;
      const source =
        embedding !== undefined && image === undefined && url === undefined
          ? embeddingOf(embedding, said.embedding_space ?? space, `items.${index}.embedding`)
          : await pictureOf(item.value, `items.${index}`, files);
      yield { kind: 'item', source, said: Object.entries(said) };
    }
  } finally {
    await files.return();
  }
}

async function pictureOf(
  item: JsonItem,
  field: string,
  files: AsyncGenerator<Result<Uint8Array>, void, void>,
): Promise<Result<Source>> {
  let bytes: Result<Uint8Array>;
  if (isUrl(item)) {
    const file = await files.next();
    if (file.done) throw new Error('a URL of the batch was not asked for');
    bytes = file.value;
  } else {
    bytes = decodeBase64(String(item.image), `${field}.image`);
  }
  return bytes.ok ? ok({ kind: 'picture', bytes: bytes.value }) : bytes;
}

/** @param given numbers, or their base64. @param space the embedding space that the caller states. */
export function embeddingOf(
  given: unknown,
  space: unknown,
  field: string,
): Result<Extract<Source, { kind: 'embedding' }>> {
  const embedding = numbersOf(given);
  if (
    embedding?.length !== EMBEDDING_LENGTH ||
    !embedding.every(Number.isFinite) ||
    embedding.every((value) => value === 0)
  )
    return fail({ code: 'field_invalid', field, reason: NOT_EMBEDDING });
  return ok({ kind: 'embedding', embedding, ...(typeof space === 'string' ? { space } : {}) });
}

function numbersOf(given: unknown): Float32Array | undefined {
  if (Array.isArray(given) || given instanceof Float32Array) return Float32Array.from(given, Number);
  const bytes = decodeBase64(String(given), 'embedding');
  if (!bytes.ok || bytes.value.byteLength !== EMBEDDING_LENGTH * Float32Array.BYTES_PER_ELEMENT)
    return undefined;
  const { buffer, byteOffset, byteLength } = bytes.value;
  return new Float32Array(new Uint8Array(buffer, byteOffset, byteLength).slice().buffer);
}
