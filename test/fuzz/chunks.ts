/** Splits files made of consecutive pieces: JPEG, PNG, GIF and WebP. */
import { type Anatomy, type Field, field, type Range } from './anatomy.ts';

/** Marker segments up to the scan; the rest is one piece. */
export function jpeg(view: DataView): Anatomy {
  const pieces: Range[] = [];
  const fields: Field[] = [];
  let at = 2;
  while (at + 4 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const end = at + 2 + view.getUint16(at + 2);
    fields.push(field(at + 2, 2, 'length'));
    if (marker >= 0xc0 && marker <= 0xc2)
      fields.push(field(at + 5, 2, 'dimension'), field(at + 7, 2, 'dimension'));
    pieces.push({ start: at, end });
    at = end;
    if (marker === 0xda) break;
  }
  return { pieces: [...pieces, { start: at, end: view.byteLength }], fields };
}

export function png(view: DataView): Anatomy {
  const pieces: Range[] = [];
  const fields = [field(16, 4, 'dimension'), field(20, 4, 'dimension')];
  for (let at = 8; at + 12 <= view.byteLength; ) {
    const end = at + 12 + view.getUint32(at);
    fields.push(field(at, 4, 'length'));
    pieces.push({ start: at, end });
    at = end;
  }
  return { pieces, fields };
}

/** The screen with its colours, then extensions and frames, each up to the end of its sub-blocks. */
export function gif(view: DataView): Anatomy {
  const fields = [6, 8].map((at) => field(at, 2, 'dimension', true));
  const colours = (flags: number) => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  let at = 13 + colours(view.getUint8(10));
  const pieces: Range[] = [{ start: 6, end: at }];
  while (at + 10 <= view.byteLength) {
    const start = at;
    if (view.getUint8(at) === 0x2c) {
      fields.push(field(at + 5, 2, 'dimension', true), field(at + 7, 2, 'dimension', true));
      at += 11 + colours(view.getUint8(at + 9));
    } else at += 2;
    if (at < view.byteLength) fields.push(field(at, 1, 'length'));
    while (at < view.byteLength && view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at++;
    pieces.push({ start, end: Math.min(at, view.byteLength) });
  }
  return { pieces, fields };
}

export function webp(view: DataView): Anatomy {
  const pieces: Range[] = [];
  const fields = [field(4, 4, 'length', true)];
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    fields.push(field(at + 4, 4, 'length', true));
    // The sizes in VP8 and VP8X; those of VP8L are bits of one word.
    for (const place of { 1448097824: [14, 16], 1448097880: [12, 15], 1448097868: [9] }[view.getUint32(at)] ??
      [])
      fields.push(field(at + place, 2, 'dimension', true));
    const end = Math.min(at + 8 + size + (size % 2), view.byteLength);
    pieces.push({ start: at, end });
    at = end;
  }
  return { pieces, fields };
}
