/** Bodies that are either a picture or a JSON object around one, as Hugging Face and Workers AI take them. */
import { fail, ok, type Result } from '../../failure.ts';
import { sniff } from '../../image/sniff.ts';
import { readBody } from '../../input/body.ts';
import { looksLikeJson } from '../../input/image.ts';
import type { Hold } from '../../input/in-flight.ts';
import { type JsonShape, parseBody } from '../../input/json.ts';

export type DialectBody =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array }
  | { readonly kind: 'json'; readonly value: unknown };

export interface DialectBodyLimits {
  /** Largest picture sent as it is, in bytes. */
  readonly maxPictureBytes: number;
  /** Largest JSON body, in bytes. */
  readonly maxJsonBytes: number;
  /** Time for the whole body to arrive, in seconds. */
  readonly timeoutSeconds: number;
  /** Where the bytes are counted as they arrive. */
  readonly hold: Hold;
}

/**
 * Reads a body, and parses it if it is JSON.
 *
 * The bytes decide, because clients send pictures with any content type or none. Only what is neither a
 * picture nor begins as an object is taken at its content type's word, so that a JSON list is called
 * wrong JSON and not a strange picture.
 */
export async function readPictureOrJson(
  request: Request,
  { maxPictureBytes, maxJsonBytes, timeoutSeconds, hold }: DialectBodyLimits,
  shape?: JsonShape,
): Promise<Result<DialectBody>> {
  const declaredJson = /^application\/(?:[^;]*\+)?json\b/i.test(request.headers.get('content-type') ?? '');
  const body = await readBody(request, {
    maxBytes: declaredJson ? maxJsonBytes : Math.max(maxPictureBytes, maxJsonBytes),
    timeoutSeconds,
    hold,
  });
  if (!body.ok) return body;
  const bytes = body.value;
  const isJson = looksLikeJson(bytes) || (declaredJson && sniff(bytes).kind === 'unknown');
  const limitBytes = isJson ? maxJsonBytes : maxPictureBytes;
  if (bytes.byteLength > limitBytes) return fail({ code: 'body_too_large', limitBytes });
  if (!isJson) return ok({ kind: 'picture', bytes });
  const json = parseBody(bytes, hold, shape);
  return json.ok ? ok({ kind: 'json', value: json.value }) : json;
}
