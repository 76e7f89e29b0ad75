/** Many pictures in one request, handed on one at a time. */
import * as z from 'zod';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { decodeBase64 } from './base64.ts';
import { openBody, readBody } from './body.ts';
import { IMAGE_FIELD, type InputLimits, jsonImageSchema } from './image.ts';
import { checkFields, parseBody } from './json.ts';
import { multipartBoundary, parts } from './multipart.ts';
import { fetchAhead } from './url/ahead.ts';
import type { FetchImage } from './url/fetch.ts';

export interface BatchLimits extends InputLimits {
  readonly maxBatchItems: number;
  /** Largest form with all its pictures, in bytes. */
  readonly maxBatchBytes: number;
  /** Time to fetch all pictures from their URLs, in seconds. */
  readonly urlBatchTimeoutSeconds: number;
}

/** One picture of the batch, or why it is none; or what ended the batch before its end. */
export type BatchItem =
  | { readonly kind: 'image'; readonly image: Result<Uint8Array> }
  | { readonly kind: 'broken_off'; readonly failure: Failure };

export interface BatchInput {
  readonly items: AsyncIterable<BatchItem>;
  /** The other fields of the JSON object, unchecked; a form's options are in the query. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const NOT_IMAGES = 'must hold "images", a list of base64 texts or of {"image": …} or {"url": …}';

/** One picture of a batch in JSON. */
export const jsonBatchItemSchema = z.union([z.string(), jsonImageSchema], {
  error: 'must be a base64 text, {"image": …} or {"url": …}',
});

/** The items are checked one by one as their turn comes, so that a wrong one fails alone. */
export const jsonBatchSchema = z.looseObject(
  { images: z.array(z.unknown(), { error: NOT_IMAGES }) },
  { error: NOT_IMAGES },
);

/**
 * Opens a batch. JSON is read as a whole before the first picture is handed on; a form is not, so that only
 * one of its pictures is in memory at a time.
 */
export async function openBatch(
  request: Request,
  limits: BatchLimits,
  fetchImage: FetchImage,
): Promise<Result<BatchInput>> {
  const boundary = multipartBoundary(request.headers.get('content-type') ?? '');
  return boundary === undefined ? openJson(request, limits, fetchImage) : openForm(request, boundary, limits);
}

async function openJson(
  request: Request,
  limits: BatchLimits,
  fetchImage: FetchImage,
): Promise<Result<BatchInput>> {
  const body = await readBody(request, {
    maxBytes: limits.maxJsonBytes,
    timeoutSeconds: limits.timeoutSeconds,
    hold: limits.hold,
  });
  if (!body.ok) return body;
  const json = parseBody(body.value, limits.hold);
  if (!json.ok) return json;
  const fields = checkFields(jsonBatchSchema, json.value);
  if (!fields.ok) return fields;
  const { images, ...others } = fields.value;
  if (images.length > limits.maxBatchItems) {
    return fail({ code: 'batch_too_many_items', limitItems: limits.maxBatchItems });
  }
  return ok({ items: jsonItems(images, fetchImage, limits), fields: others });
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

/** @param files those of the items that are URLs, in order. */
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

function openForm(request: Request, boundary: string, limits: BatchLimits): Result<BatchInput> {
  const { maxBatchBytes: maxBytes, timeoutSeconds, hold } = limits;
  const opened = openBody(request, { maxBytes, timeoutSeconds, hold });
  return opened.ok ? ok({ items: formItems(opened.value, boundary, limits), fields: {} }) : opened;
}

async function* formItems(
  body: ReadableStream<Uint8Array>,
  boundary: string,
  { maxImageBytes, maxBatchItems, hold }: BatchLimits,
): AsyncGenerator<BatchItem> {
  for await (const part of parts(body, boundary, { maxPartBytes: maxImageBytes, maxParts: maxBatchItems })) {
    if (!part.ok) {
      yield { kind: 'broken_off', failure: part.failure };
      return;
    }
    if (part.value.name === IMAGE_FIELD) yield { kind: 'image', image: ok(part.value.bytes) };
    // Whoever asks for the next picture is done with this one.
    hold.give(part.value.bytes.byteLength);
  }
}
