/**
 * Parses multipart/form-data (RFC 7578, and RFC 2046 §5.1 for its framing) part by part as it arrives, so that a batch
 * of many pictures is never in memory as a whole.
 *
 * It is our own because no streaming parser accepts everything that the RFCs allow and clients send: a file name that
 * is not UTF-8, a preamble or an empty line before the first boundary, spaces after a boundary, parts without a name.
 */
import { fail, ok, type Result } from '../failure.ts';
import { BodyError } from './body.ts';
import { joined } from './chunks.ts';
import { cutAt } from './delimited.ts';
import { fieldName } from './part-header.ts';

export interface Part {
  /** Name of the field; undefined if the part has none and is skipped. */
  readonly name: string | undefined;
  readonly bytes: Uint8Array;
}

export interface PartLimits {
  readonly maxPartBytes: number;
  readonly maxParts: number;
}

/** The header of a part has one or two fields, and no client sends a tenth of this. */
const MAX_HEADER_BYTES = 8192;

const [CR, LF, DASH, SPACE, TAB] = [0x0d, 0x0a, 0x2d, 0x20, 0x09];
const CRLF = Uint8Array.of(CR, LF);

/** The boundary of a multipart/form-data content type; undefined for another type. */
export function multipartBoundary(contentType: string): string | undefined {
  if (!/^\s*multipart\/form-data\s*;/i.test(contentType)) return undefined;
  const match = /;\s*boundary\s*=\s*(?:"([^"]{1,200})"|([^\s";]{1,200}))/i.exec(contentType);
  return match?.[1] ?? match?.[2];
}

/**
 * The parts in order. The last result is the failure, if the stream or its framing is at fault.
 */
export async function* parts(
  stream: ReadableStream<Uint8Array>,
  boundary: string,
  limits: PartLimits,
): AsyncGenerator<Result<Part>, void, void> {
  try {
    for await (const part of readParts(stream, boundary, limits)) yield ok(part);
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
    yield fail(error.failure);
  }
}

/**
 * Where the parser is: before the first boundary, between a boundary and the empty line after a part's header, in the
 * contents of a part, or after the last boundary.
 */
type Place = 'preamble' | 'header' | 'contents' | 'epilogue';

/** @throws BodyError */
async function* readParts(
  stream: ReadableStream<Uint8Array>,
  boundary: string,
  { maxPartBytes, maxParts }: PartLimits,
): AsyncGenerator<Part, void, void> {
  const delimiter = new TextEncoder().encode(`\r\n--${boundary}`);
  let place: Place = 'preamble';
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  let name: string | undefined;
  let count = 0;

  function keep(piece: Uint8Array): void {
    if (piece.byteLength > 0) pieces.push(piece);
    bytes += piece.byteLength;
  }
  function taken(): Uint8Array<ArrayBuffer> {
    const whole = joined(pieces);
    pieces = [];
    bytes = 0;
    return whole;
  }

  // A boundary at the very start has no line before it whose end could begin the delimiter.
  for await (const cut of cutAt(stream, delimiter, CRLF)) {
    if (place === 'epilogue' || (place === 'preamble' && cut !== 'delimiter')) continue;
    if (cut === 'delimiter') {
      // The empty line may also be missing if there are no contents.
      if (place === 'header') name = fieldName(headerOf(joined([taken(), CRLF]))?.bytes ?? malformed());
      if (place !== 'preamble') {
        if (++count > maxParts) throw new BodyError({ code: 'batch_too_many_items', limitItems: maxParts });
        yield { name, bytes: taken() };
      }
      place = 'header';
      continue;
    }
    keep(cut);
    if (place === 'header') {
      const begin = taken();
      const header = headerOf(begin);
      if (isLast(begin)) {
        place = 'epilogue';
      } else if (header === undefined) {
        keep(begin);
        if (bytes > MAX_HEADER_BYTES) malformed();
      } else {
        name = fieldName(header.bytes);
        keep(begin.subarray(header.end));
        place = 'contents';
      }
    }
    if (place === 'contents' && bytes > maxPartBytes)
      throw new BodyError({ code: 'body_too_large', limitBytes: maxPartBytes });
  }
  if (place !== 'epilogue') malformed();
}

/** Two dashes after a boundary mark the last one. */
function isLast([first, second]: Uint8Array): boolean {
  return first === DASH && second === DASH;
}

/**
 * The header of a part, from what follows its boundary: spaces, the end of that line, the header's lines, an empty one.
 *
 * @returns undefined if it is not complete yet; `end` is where the contents begin.
 */
function headerOf(begin: Uint8Array): { readonly bytes: Uint8Array; readonly end: number } | undefined {
  const line = begin.findIndex((byte) => byte !== SPACE && byte !== TAB);
  if (line === -1 || (line === begin.byteLength - 1 && (begin[line] === CR || begin[line] === DASH)))
    return undefined;
  if (begin[line] !== CR || begin[line + 1] !== LF) return isLast(begin) ? undefined : malformed();
  for (let at = begin.indexOf(CR, line); at !== -1; at = begin.indexOf(CR, at + 1)) {
    if (begin[at + 1] === LF && begin[at + 2] === CR && begin[at + 3] === LF) {
      if (at > MAX_HEADER_BYTES) malformed();
      return {
        bytes: begin.subarray(line + CRLF.byteLength, at + CRLF.byteLength),
        end: at + 2 * CRLF.byteLength,
      };
    }
  }
  return undefined;
}

function malformed(): never {
  throw new BodyError({ code: 'multipart_invalid' });
}
