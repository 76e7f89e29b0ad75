/** Many pictures in one request, yielded one at a time. */
import * as z from 'zod';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { sniff } from '../image/sniff.ts';
import { decodeBase64 } from './base64.ts';
import { type Fields, openContents } from './contents.ts';
import { MAX_FORM_PARTS } from './form-bounds.ts';
import { fieldOf, IMAGE_FIELD, type InputLimits, jsonImageSchema } from './image.ts';
import { checkFields } from './json.ts';
import type { Part } from './multipart.ts';
import { fetchAhead } from './url/ahead.ts';
import type { FetchImage } from './url/fetch.ts';

export interface BatchLimits extends InputLimits {
  readonly maxBatchItems: number;
  /** Largest form with all its pictures, in bytes. */
  readonly maxBatchBytes: number;
  /** Time to fetch all pictures from their URLs, in seconds. */
  readonly urlBatchTimeoutSeconds: number;
}

/**
 * One picture of the batch, or the reason why there is none; a form field after the first picture; or what ended the
 * batch early.
 */
export type BatchItem =
  | { readonly kind: 'image'; readonly image: Result<Uint8Array> }
  | { readonly kind: 'field'; readonly name: string; readonly value: string }
  | { readonly kind: 'broken_off'; readonly failure: Failure };

export interface BatchInput {
  readonly items: AsyncIterable<BatchItem>;
  /** The other fields of the JSON object, or the form fields before the first picture. */
  readonly fields: Fields;
}

const NOT_IMAGES = 'must hold "images", a list of base64 texts or of {"image": …} or {"url": …}';

/** One picture of a batch in JSON. */
export const jsonBatchItemSchema = z.union([z.string(), jsonImageSchema], {
  error: 'must be a base64 text, {"image": …} or {"url": …}',
});

/** Items are checked when their turn comes, so that an invalid one fails alone. */
export const jsonBatchSchema = z.looseObject(
  { images: z.array(z.unknown(), { error: NOT_IMAGES }) },
  { error: NOT_IMAGES },
);

/**
 * Opens a batch. JSON is read as a whole before the first picture is yielded; a form is not, so that only one of its
 * pictures is in memory at a time. A body that is a picture is a batch of one.
 */
export async function openBatch(
  request: Request,
  limits: BatchLimits,
  fetchImage: FetchImage,
): Promise<Result<BatchInput>> {
  const { maxImageBytes, maxBatchItems, maxBatchBytes } = limits;
  const contents = await openContents(request, {
    ...limits,
    maxPictureBytes: maxImageBytes,
    form: {
      maxBytes: maxBatchBytes,
      maxPartBytes: maxImageBytes,
      maxParts: maxBatchItems + MAX_FORM_PARTS,
    },
  });
  if (!contents.ok) return contents;
  switch (contents.value.kind) {
    case 'picture':
      return openPicture(contents.value.bytes);
    case 'json':
      return openJson(contents.value.value, limits, fetchImage);
    case 'form':
      return openForm(contents.value.parts, limits);
  }
}

export function openPicture(bytes: Uint8Array): Result<BatchInput> {
  if (sniff(bytes).kind === 'unknown') return fail({ code: 'image_format_unsupported' });
  async function* items(): AsyncGenerator<BatchItem> {
    yield { kind: 'image', image: ok(bytes) };
  }
  return ok({ items: items(), fields: [] });
}

function openJson(value: unknown, limits: BatchLimits, fetchImage: FetchImage): Result<BatchInput> {
  const fields = checkFields(jsonBatchSchema, value);
  if (!fields.ok) return fields;
  const { images, ...others } = fields.value;
  if (images.length > limits.maxBatchItems) {
    return fail({ code: 'batch_too_many_items', limitItems: limits.maxBatchItems });
  }
  return ok({ items: jsonItems(images, fetchImage, limits), fields: Object.entries(others) });
}

async function* jsonItems(
  images: readonly unknown[],
  fetchImage: FetchImage,
  { hold, urlBatchTimeoutSeconds }: BatchLimits,
): AsyncGenerator<BatchItem> {
  const items = images.map((value, index) => checkFields(jsonBatchItemSchema, value, `images.${index}`));
  const urls = items.flatMap((item) => (item.ok && isUrl(item.value) ? [item.value.url] : []));
  const files = fetchAhead(urls, fetchImage, hold, urlBatchTimeoutSeconds);
  try {
    for (const [index, item] of items.entries()) {
      yield { kind: 'image', image: item.ok ? await bytesOf(item.value, `images.${index}`, files) : item };
    }
  } finally {
    await files.return();
  }
}

type JsonBatchItem = z.output<typeof jsonBatchItemSchema>;

function isUrl(item: JsonBatchItem): item is Extract<JsonBatchItem, { url: string }> {
  return typeof item === 'object' && !('image' in item);
}

/** @param files the items that are URLs, in order. */
async function bytesOf(
  item: JsonBatchItem,
  field: string,
  files: AsyncGenerator<Result<Uint8Array>, void, void>,
): Promise<Result<Uint8Array>> {
  if (!isUrl(item)) return decodeBase64(typeof item === 'string' ? item : String(item.image), field);
  const file = await files.next();
  if (file.done) throw new Error('a URL of the batch was not asked for');
  return file.value;
}

type Parts = AsyncGenerator<Result<Part>, void, void>;

/** Reads a form up to its first picture. */
export async function openForm(
  parts: Parts,
  { maxBatchItems, hold }: BatchLimits,
): Promise<Result<BatchInput>> {
  const fields: [string, string][] = [];
  for (;;) {
    const next = await parts.next();
    if (next.done) return ok({ items: noItems(), fields });
    const part = next.value;
    if (!part.ok) return part;
    if (part.value.name === IMAGE_FIELD) {
      return ok({ items: formItems(part.value, parts, maxBatchItems, hold), fields });
    }
    fields.push(...fieldOf(part.value));
    hold.give(part.value.bytes.byteLength);
  }
}

async function* noItems(): AsyncGenerator<BatchItem> {}

async function* formItems(
  first: Part,
  parts: Parts,
  maxBatchItems: number,
  hold: BatchLimits['hold'],
): AsyncGenerator<BatchItem> {
  let pictures = 1;
  try {
    yield { kind: 'image', image: ok(first.bytes) };
    // Requesting the next picture ends the use of this one.
    hold.give(first.bytes.byteLength);
    for await (const part of parts) {
      if (!part.ok) return yield { kind: 'broken_off', failure: part.failure };
      if (part.value.name !== IMAGE_FIELD) {
        for (const [name, value] of fieldOf(part.value)) yield { kind: 'field', name, value };
      } else if (++pictures > maxBatchItems) {
        return yield {
          kind: 'broken_off',
          failure: { code: 'batch_too_many_items', limitItems: maxBatchItems },
        };
      } else {
        yield { kind: 'image', image: ok(part.value.bytes) };
      }
      hold.give(part.value.bytes.byteLength);
    }
  } finally {
    await parts.return();
  }
}
