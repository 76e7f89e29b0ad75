/** JSON bodies: parsed, then validated against the expected schema. */
import type { z } from 'zod';
import { fail, ok, type Result } from '../failure.ts';
import type { Hold } from './in-flight.ts';

/**
 * How much structure a body may have. Parsed, a byte can become thirty: 8 MB of `[],` took 116 MB, so limits on bytes
 * alone do not bound the memory.
 */
export interface JsonShape {
  /** Most objects and arrays. */
  readonly maxContainers: number;
  /** Most colons, and so about the most keys: each new one can cost V8 a hundred bytes. */
  readonly maxKeys: number;
  /** Most commas, and so about the most values. */
  readonly maxCommas: number;
}

/** A few pictures as text and some options: anything with more is not such a request. */
const PICTURES: JsonShape = { maxContainers: 10_000, maxKeys: 10_000, maxCommas: 10_000 };

/**
 * Six nested lists of 224×224×3 numbers, with 50,401 arrays and 150,527 commas each: at full precision, 8 MiB have room
 * for five. Parsed they take 24 MB, and nothing else of this shape more than 30.
 */
export const TENSORS: JsonShape = { maxContainers: 310_000, maxKeys: 10_000, maxCommas: 950_000 };

/** An image file as a list of its bytes; 8 MiB have room for 2.3 million. Parsed, each takes eight bytes. */
export const BYTES: JsonShape = { maxContainers: 100, maxKeys: 1000, maxCommas: 3_000_000 };

const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;
const COMMA = 0x2c;
const COLON = 0x3a;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/**
 * Memory that JSON takes, in multiples of its size, and how often it counts: the bytes and the text decoded from them;
 * then, once the bytes are released, the text and the strings in it; then these and the decoded pictures.
 */
export const JSON_COPIES = 2;

/**
 * Parses a body and releases its bytes, which must not be used afterwards.
 *
 * @returns as `parseJson`, or `overloaded` if there is no room for the text in addition to the bytes.
 */
export function parseBody(body: Uint8Array<ArrayBuffer>, hold: Hold, shape?: JsonShape): Result<unknown> {
  if (!hold.borrow((JSON_COPIES - 1) * body.byteLength)) {
    return fail({ code: 'overloaded', limitBytes: hold.limitBytes });
  }
  return parseJson(body, shape, () => body.buffer.transfer(0));
}

/**
 * @param read called when the bytes have been read. @returns the value, or `json_invalid` saying where the text stops
 *   being JSON, or `json_too_complex`.
 */
export function parseJson(
  bytes: Uint8Array,
  shape: JsonShape = PICTURES,
  read?: () => void,
): Result<unknown> {
  if (!fits(bytes, shape)) return fail({ code: 'json_too_complex', ...shape });
  try {
    const text = utf8.decode(bytes);
    read?.();
    return ok(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof SyntaxError ? withoutContent(error.message) : 'it is not UTF-8';
    return fail({ code: 'json_invalid', reason });
  }
}

/** Counts without parsing; characters inside strings count too, but base64 has none of them. */
function fits(bytes: Uint8Array, { maxContainers, maxKeys, maxCommas }: JsonShape): boolean {
  let containers = 0;
  let keys = 0;
  let commas = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === COMMA) commas++;
    else if (byte === COLON) keys++;
    else if (byte === OPENING_BRACKET || byte === OPENING_BRACE) containers++;
  }
  return containers <= maxContainers && keys <= maxKeys && commas <= maxCommas;
}

/**
 * @param within the field that holds the value, if it is not the whole body.
 * @returns the value as the schema parses it, or `field_invalid` with the first invalid field.
 */
export function checkFields<T extends z.ZodType>(
  schema: T,
  value: unknown,
  within?: string,
): Result<z.output<T>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const field = [...(within === undefined ? [] : [within]), ...(issue?.path.map(String) ?? [])].join('.');
  return fail({ code: 'field_invalid', field, reason: issue?.message ?? 'does not fit' });
}

/** V8 quotes the text around the error, which may be a caller's picture: only the position is kept. */
function withoutContent(message: string): string {
  const place = /at position \d+( \(line \d+ column \d+\))?/.exec(message)?.[0];
  if (place !== undefined) return `it breaks off or goes wrong ${place}`;
  return /end of JSON/.test(message) ? 'it ends too early' : 'it goes wrong at its first characters';
}
