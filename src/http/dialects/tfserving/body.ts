/** JSON bodies of TensorFlow Serving: read, bounded and parsed. */
import { fail, type Result } from '../../../failure.ts';
import { readBody } from '../../../input/body.ts';
import { parseBody, TENSORS } from '../../../input/json.ts';
import type { HttpLimits } from '../../work.ts';

/** Base64 has none of these; a body of numbers has about one per number. */
const SEPARATORS = [',', '[', '{'].map((character) => character.charCodeAt(0));

/** More separators than the largest batch of pictures can need, but less than a fifteenth of those of one tensor. */
const MAX_SEPARATORS_OF_PICTURES = 10_000;

/**
 * Reads a body of tensors or of pictures.
 *
 * The two have different limits, and only the content tells which it is. So the body is read up to the larger limit,
 * and one that exceeds the smaller is judged by its separators: parsing it first would cost the memory that the limit
 * for numbers is meant to save.
 */
export async function readJsonBody(
  request: Request,
  { maxJsonBytes, maxTensorBytes, timeoutSeconds, hold }: HttpLimits,
): Promise<Result<unknown>> {
  const maxBytes = Math.max(maxJsonBytes, maxTensorBytes);
  const body = await readBody(request, { maxBytes, timeoutSeconds, hold });
  if (!body.ok) return body;
  const size = body.value.byteLength;
  if (size > Math.min(maxJsonBytes, maxTensorBytes)) {
    const limitBytes = holdsNumbers(body.value) ? maxTensorBytes : maxJsonBytes;
    if (size > limitBytes) return fail({ code: 'body_too_large', limitBytes });
  }
  return parseBody(body.value, hold, TENSORS);
}

function holdsNumbers(body: Uint8Array): boolean {
  return SEPARATORS.some((separator) => occursMoreThan(body, separator, MAX_SEPARATORS_OF_PICTURES));
}

function occursMoreThan(body: Uint8Array, byte: number, max: number): boolean {
  let count = 0;
  for (let at = body.indexOf(byte); at !== -1; at = body.indexOf(byte, at + 1)) {
    if (++count > max) return true;
  }
  return false;
}
