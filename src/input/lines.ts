/** Lines of a body, one at a time, for files larger than what can be held. */
import { fail, type Result } from '../failure.ts';
import type { Hold } from './in-flight.ts';
import { parseJson } from './json.ts';

/** An item with the longest metadata, escaped, and 1024 numbers at full precision takes less than 50 kB. */
export const MAX_LINE_BYTES = 64 * 1024;

const LINE_END = 0x0a;

export interface JsonLine {
  /** The first line is 1; empty ones count. */
  readonly line: number;
  readonly value: Result<unknown>;
}

/**
 * @param chunks each counts in `hold` when it arrives, and is returned when it has been read.
 * @throws what the stream throws.
 */
export async function* jsonLines(
  chunks: ReadableStream<Uint8Array>,
  hold: Pick<Hold, 'give'>,
): AsyncGenerator<JsonLine, void, void> {
  let number = 1;
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
      const line = rest.length === 0 ? chunk.subarray(from, end) : joined(rest, chunk.subarray(from, end));
      rest = new Uint8Array();
      from = end + 1;
      if (!isBlank(line)) yield { line: number, value: parsed(line) };
      number++;
    }
    // A line over the limit is refused without reading the rest of it.
    if (rest.length <= MAX_LINE_BYTES) rest = joined(rest, chunk.subarray(from));
    hold.give(chunk.byteLength);
  }
  if (!isBlank(rest)) yield { line: number, value: parsed(rest) };
}

function parsed(line: Uint8Array): Result<unknown> {
  if (line.length > MAX_LINE_BYTES)
    return fail({
      code: 'field_invalid',
      field: '',
      reason: `must have at most ${MAX_LINE_BYTES} bytes a line`,
    });
  return parseJson(line);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** A line of spaces, or the carriage return of an empty one. */
function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x0d || byte === 0x09);
}
