/**
 * Which form is the picture in? A raw body, multipart/form-data, or JSON.
 *
 * The bytes decide where they can: curl sends a photo as application/x-www-form-urlencoded and many
 * clients send no content type at all, so only multipart is taken at its word. No picture begins with
 * `{`, so a body that does is JSON.
 */
import * as z from 'zod';
import { fail, ok, type Result } from '../failure.ts';
import { decodeBase64 } from './base64.ts';
import { openBody, readBody } from './body.ts';
import { FORM_BYTES, MAX_FORM_PARTS } from './form-bounds.ts';
import type { Hold } from './in-flight.ts';
import { checkFields, parseBody } from './json.ts';
import { multipartBoundary, parts } from './multipart.ts';
import type { FetchImage } from './url/fetch.ts';

export interface InputLimits {
  /** Largest image file, in bytes. */
  readonly maxImageBytes: number;
  /** Largest JSON body, in bytes: base64 costs three times its size in memory. */
  readonly maxJsonBytes: number;
  /** Time for the whole body to arrive, in seconds. */
  readonly timeoutSeconds: number;
  /** Where the bytes are counted as they arrive. */
  readonly hold: Hold;
}

export interface ImageInput {
  readonly bytes: Uint8Array;
  /** What came beside the picture: the other fields of the JSON object or the form, unchecked. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const NOT_ONE_IMAGE = 'must hold either "image" (base64 or a data: URL) or "url"';

/** One picture in JSON. `url` is understood everywhere and refused where URL input is off. */
export const jsonImageSchema = z.union(
  [
    z.looseObject({ image: z.string().describe('Base64 of an image file, or a data: URL of it.') }),
    z.looseObject({ url: z.string().describe('The address of an image file.') }),
  ],
  {
    error: NOT_ONE_IMAGE,
  },
);

/** The form field that carries a picture. */
export const IMAGE_FIELD = 'image';

const OPENING_BRACE = 0x7b;
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Reads the one picture of a request. @param fetchImage for JSON that only says where it is. */
export async function readImage(
  request: Request,
  limits: InputLimits,
  fetchImage: FetchImage,
): Promise<Result<ImageInput>> {
  const contentType = request.headers.get('content-type') ?? '';
  const boundary = multipartBoundary(contentType);
  if (boundary !== undefined) return readForm(request, boundary, limits);

  const declaredJson = /^application\/(?:[^;]*\+)?json\b/i.test(contentType);
  const body = await readBody(request, {
    maxBytes: declaredJson ? limits.maxJsonBytes : limits.maxImageBytes,
    timeoutSeconds: limits.timeoutSeconds,
    hold: limits.hold,
  });
  if (!body.ok) return body;
  return looksLikeJson(body.value)
    ? readJson(body.value, limits, fetchImage)
    : ok({ bytes: body.value, fields: {} });
}

/** Whether a body begins as a JSON object does. */
export function looksLikeJson(bytes: Uint8Array): boolean {
  const first = bytes.subarray(0, 64).find((byte) => !WHITE_SPACE.has(byte));
  return first === OPENING_BRACE;
}

/** The bytes of a picture that came as JSON. @param field its name in an error. */
async function imageOf(
  value: z.output<typeof jsonImageSchema>,
  field: string,
  fetchImage: FetchImage,
  hold: Hold,
): Promise<Result<Uint8Array>> {
  return 'image' in value ? decodeBase64(String(value.image), field) : fetchImage(value.url, hold);
}

async function readJson(
  body: Uint8Array<ArrayBuffer>,
  limits: InputLimits,
  fetchImage: FetchImage,
): Promise<Result<ImageInput>> {
  if (body.byteLength > limits.maxJsonBytes) {
    return fail({ code: 'body_too_large', limitBytes: limits.maxJsonBytes });
  }
  const json = parseBody(body, limits.hold);
  if (!json.ok) return json;
  const fields = checkFields(jsonImageSchema, json.value);
  if (!fields.ok) return fields;
  const bytes = await imageOf(fields.value, IMAGE_FIELD, fetchImage, limits.hold);
  return bytes.ok ? ok({ bytes: bytes.value, fields: fields.value }) : bytes;
}

/** A form: the first part named `image` is the picture, the short others are options. */
async function readForm(
  request: Request,
  boundary: string,
  { maxImageBytes, timeoutSeconds, hold }: InputLimits,
): Promise<Result<ImageInput>> {
  const opened = openBody(request, { maxBytes: maxImageBytes + FORM_BYTES, timeoutSeconds, hold });
  if (!opened.ok) return opened;
  const fields: Record<string, unknown> = {};
  let bytes: Uint8Array | undefined;
  for await (const part of parts(opened.value, boundary, {
    maxPartBytes: maxImageBytes,
    maxParts: MAX_FORM_PARTS,
  })) {
    if (!part.ok) return part;
    if (part.value.name === IMAGE_FIELD) bytes ??= part.value.bytes;
    else fields[part.value.name] = new TextDecoder().decode(part.value.bytes.subarray(0, 1024));
  }
  if (bytes === undefined || bytes.byteLength === 0) {
    return fail({ code: 'multipart_field_missing', field: IMAGE_FIELD });
  }
  return ok({ bytes, fields });
}
