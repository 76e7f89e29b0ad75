/** Many pictures in one request, handed on one at a time. */
import { z } from 'zod';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { decodeBase64 } from './base64.ts';
import { openBody, readBody } from './body.ts';
import { IMAGE_FIELD, type InputLimits, imageOf, jsonImageSchema } from './image.ts';
import type { Hold } from './in-flight.ts';
import { checkFields, parseJson } from './json.ts';
import { multipartBoundary, parts } from './multipart.ts';
import type { FetchImage } from './url/fetch.ts';

export interface BatchLimits extends InputLimits {
  readonly maxBatchItems: number;
  /** Largest form with all its pictures, in bytes. */
  readonly maxBatchBytes: number;
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
  const json = parseJson(body.value);
  if (!json.ok) return json;
  const fields = checkFields(jsonBatchSchema, json.value);
  if (!fields.ok) return fields;
  const { images, ...others } = fields.value;
  if (images.length > limits.maxBatchItems) {
    return fail({ code: 'batch_too_many_items', limitItems: limits.maxBatchItems });
  }
  return ok({ items: jsonItems(images, fetchImage, limits.hold), fields: others });
}

async function* jsonItems(
  images: readonly unknown[],
  fetchImage: FetchImage,
  hold: Hold,
): AsyncGenerator<BatchItem> {
  for (const [index, value] of images.entries()) {
    const before = hold.arrived();
    yield { kind: 'image', image: await jsonItem(value, `images.${index}`, fetchImage, hold) };
    // What was fetched for this picture, of which whoever asks for the next has no more need.
    hold.give(hold.arrived() - before);
  }
}

async function jsonItem(
  value: unknown,
  field: string,
  fetchImage: FetchImage,
  hold: Hold,
): Promise<Result<Uint8Array>> {
  const item = checkFields(jsonBatchItemSchema, value, field);
  if (!item.ok) return item;
  return typeof item.value === 'string'
    ? decodeBase64(item.value, field)
    : imageOf(item.value, field, fetchImage, hold);
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
