/** Splits files whose pieces are found through tables: BMP, TIFF, ICO and AVIF. */
import { type Anatomy, type Field, field, type Range } from './anatomy.ts';

/** Rows are padded to four bytes and stored from the bottom; they are split in stored order. */
export function bmp(view: DataView): Anatomy {
  const pixels = view.getUint32(10, true);
  const middle = (pixels + view.byteLength) >> 1;
  return {
    pieces: [
      { start: 14, end: pixels },
      { start: pixels, end: middle },
      { start: middle, end: view.byteLength },
    ],
    fields: [
      ...[2, 10, 14].map((at) => field(at, 4, 'length', true)),
      ...[18, 22].map((at) => field(at, 4, 'dimension', true)),
    ],
  };
}

/** The entries of the first directory: their counts and values as lengths, two tags as dimensions. */
export function tiff(view: DataView): Anatomy {
  const little = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, little);
  const entries = Array.from({ length: view.getUint16(directory, little) }, (_, i) => directory + 2 + i * 12);
  return {
    pieces: [
      ...entries.map((start) => ({ start, end: start + 12 })),
      { start: 8, end: view.byteLength >> 1 },
    ],
    fields: [
      field(4, 4, 'length', little),
      field(directory, 2, 'length', little),
      ...entries.flatMap((at) => {
        const isSize = [256, 257].includes(view.getUint16(at, little));
        const value = field(
          at + 8,
          view.getUint16(at + 2, little) === 3 ? 2 : 4,
          isSize ? 'dimension' : 'length',
          little,
        );
        return [field(at + 4, 4, 'length', little), value];
      }),
    ],
  };
}

/** One picture after one entry; its size is at 4 and 8 of a bitmap, at 16 and 20 of a PNG. */
export function ico(view: DataView): Anatomy {
  const isPng = view.getUint8(22) === 0x89;
  const sizes = isPng ? [38, 42] : [26, 30];
  return {
    pieces: [
      { start: 6, end: 22 },
      { start: 22, end: view.byteLength },
    ],
    fields: [
      field(4, 2, 'length', true),
      ...[14, 18].map((at) => field(at, 4, 'length', true)),
      ...sizes.map((at) => field(at, 4, 'dimension', !isPng)),
    ],
  };
}

/** Boxes that contain others, after the bytes before the first of these. */
const CONTAINERS: Readonly<Record<number, number>> = {
  1835365473: 12, // meta, with version and flags
  1768977008: 8, // iprp
  1768973167: 8, // ipco
};
const ISPE = 0x69737065;

export function boxes(view: DataView, from = 0, to = view.byteLength): Anatomy {
  const pieces: Range[] = [];
  const fields: Field[] = [];
  for (let at = from; at + 8 <= to; ) {
    const end = at + Math.max(8, view.getUint32(at));
    if (end > to) break;
    const type = view.getUint32(at + 4);
    fields.push(field(at, 4, 'length'));
    pieces.push({ start: at, end });
    if (type === ISPE) fields.push(field(at + 12, 4, 'dimension'), field(at + 16, 4, 'dimension'));
    const head = CONTAINERS[type];
    if (head !== undefined) {
      const inside = boxes(view, at + head, end);
      pieces.push(...inside.pieces);
      fields.push(...inside.fields);
    }
    at = end;
  }
  return { pieces, fields };
}
