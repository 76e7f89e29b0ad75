/**
 * Decides what a request's body is: a form, JSON, or the picture itself. Every route that takes a picture uses this,
 * native or of a dialect, so that a body which one of them understands is understood by all.
 *
 * The bytes decide where possible: curl sends a photo as application/x-www-form-urlencoded and many clients send no
 * content type at all, so only multipart is recognised by its content type. No picture begins with a brace or a
 * bracket, so a body that does is JSON. For a body that is neither JSON nor a picture, the content type decides whether
 * it is reported as invalid JSON or as an unknown picture.
 */
import { fail, ok, type Result } from '../failure.ts';
import { sniff } from '../image/sniff.ts';
import { openBody, readBody } from './body.ts';
import type { Hold } from './in-flight.ts';
import { type JsonShape, parseBody } from './json.ts';
import { looksLikeJson } from './json-start.ts';
import { multipartBoundary, type Part, type PartLimits, parts } from './multipart.ts';

export type Contents =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'form'; readonly parts: AsyncGenerator<Result<Part>, void, void> };

/** Fields sent with a picture, by name, not validated: text in a form, anything in JSON. */
export type Fields = readonly (readonly [name: string, value: unknown])[];

export interface ContentsLimits {
  /** Largest picture sent as the body, in bytes. */
  readonly maxPictureBytes: number;
  /** Largest JSON body, in bytes, and how much structure it may have. */
  readonly maxJsonBytes: number;
  readonly jsonShape?: JsonShape;
  /** Largest form, in bytes, and what is in it. */
  readonly form: PartLimits & { readonly maxBytes: number };
  /** Time for the whole body to arrive, in seconds. */
  readonly timeoutSeconds: number;
  /** Where the bytes are counted as they arrive. */
  readonly hold: Hold;
}

/** Reads a request's body, and parses it if it is JSON. A form is opened, and read as its parts are requested. */
export async function openContents(request: Request, limits: ContentsLimits): Promise<Result<Contents>> {
  const { maxPictureBytes, maxJsonBytes, jsonShape, form, timeoutSeconds, hold } = limits;
  const contentType = request.headers.get('content-type') ?? '';
  const boundary = multipartBoundary(contentType);
  if (boundary !== undefined) {
    const opened = openBody(request, { maxBytes: form.maxBytes, timeoutSeconds, hold });
    return opened.ok ? ok({ kind: 'form', parts: parts(opened.value, boundary, form) }) : opened;
  }

  const saysJson = /^\s*application\/(?:[^;]*\+)?json\b/i.test(contentType);
  const maxBytes = saysJson ? maxJsonBytes : Math.max(maxPictureBytes, maxJsonBytes);
  const body = await readBody(request, { maxBytes, timeoutSeconds, hold });
  if (!body.ok) return body;
  const bytes = body.value;
  const isJson = looksLikeJson(bytes) || (saysJson && sniff(bytes).kind === 'unknown');
  const limitBytes = isJson ? maxJsonBytes : maxPictureBytes;
  if (bytes.byteLength > limitBytes) return fail({ code: 'body_too_large', limitBytes });
  if (!isJson) return ok({ kind: 'picture', bytes });
  const json = parseBody(bytes, hold, jsonShape);
  return json.ok ? ok({ kind: 'json', value: json.value }) : json;
}
