/** Where the data of items are (ISO/IEC 14496-12 §8.11.3). */
import type { ByteRange } from '../header.ts';
import { type Box, onlyBox, readerOf, versionAndFlags } from './boxes.ts';
import { fourCC } from './bytes.ts';
import type { Tables } from './heif-items.ts';

const ILOC = fourCC('iloc');
const IDAT = fourCC('idat');

/** Where an item's data are when they are in one piece: in the file, or in the `idat` box. */
export function dataOf({ bytes, boxes }: Tables, wanted: number): ByteRange | undefined {
  const box = onlyBox(boxes, ILOC);
  if (box === undefined) return undefined;
  const reader = readerOf(bytes, box);
  const { version } = versionAndFlags(reader);
  const sizes = reader.uint(2);
  const [offset, length] = [fieldBytes(sizes >>> 12), fieldBytes(sizes >>> 8)];
  const [base, index] = [fieldBytes(sizes >>> 4), version === 0 ? 0 : fieldBytes(sizes)];
  if (offset === undefined || length === undefined || base === undefined || index === undefined) {
    return undefined;
  }

  let data: ByteRange | undefined;
  let seen = false;
  const count = reader.uint(version < 2 ? 2 : 4);
  for (let item = 0; item < count && !reader.overran(); item++) {
    const id = reader.uint(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : reader.uint(2) & 0x0f;
    const elsewhere = reader.uint(2) !== 0;
    const start = reader.uint(base);
    const extents = reader.uint(2);
    if (id !== wanted) {
      reader.skip(extents * (index + offset + length));
      continue;
    }
    reader.skip(index);
    const from = start + reader.uint(offset);
    const to = from + reader.uint(length);
    if (seen || reader.overran() || extents !== 1 || elsewhere || to === from) return undefined;
    seen = true;
    data = within(method === 0 ? { start: 0, end: bytes.length } : idatFor(boxes, method), from, to);
  }
  return data;
}

/** Four bits that say how many bytes a number takes. */
function fieldBytes(bits: number): 0 | 4 | 8 | undefined {
  const bytes = bits & 0x0f;
  return bytes === 0 || bytes === 4 || bytes === 8 ? bytes : undefined;
}

/** Construction method 1 counts from the start of `idat`; 2, from another item, is not followed. */
function idatFor(boxes: readonly Box[], method: number): Box | undefined {
  return method === 1 ? onlyBox(boxes, IDAT) : undefined;
}

function within(space: ByteRange | undefined, from: number, to: number): ByteRange | undefined {
  if (space === undefined || space.start + to > space.end) return undefined;
  return { start: space.start + from, end: space.start + to };
}
