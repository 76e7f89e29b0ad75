/** JSON bodies: parsed, then checked against the schema of what is expected. */
import type { z } from 'zod';
import { fail, ok, type Result } from '../failure.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** @returns the value, or `json_invalid` saying where the text stops being JSON. */
export function parseJson(bytes: Uint8Array): Result<unknown> {
  try {
    return ok(JSON.parse(utf8.decode(bytes)));
  } catch (error) {
    const reason = error instanceof SyntaxError ? withoutContent(error.message) : 'it is not UTF-8';
    return fail({ code: 'json_invalid', reason });
  }
}

/** @returns the value as the schema reads it, or `field_invalid` with the first field that does not fit. */
export function checkFields<T extends z.ZodType>(schema: T, value: unknown): Result<z.output<T>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  return fail({ code: 'field_invalid', field, reason: issue?.message ?? 'does not fit' });
}

/** V8 quotes the text around the error, which may be somebody's picture: only the place is kept. */
function withoutContent(message: string): string {
  const place = /at position \d+( \(line \d+ column \d+\))?/.exec(message)?.[0];
  if (place !== undefined) return `it breaks off or goes wrong ${place}`;
  return /end of JSON/.test(message) ? 'it ends too early' : 'it goes wrong at its first characters';
}
