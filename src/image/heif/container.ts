/**
 * Writes a HEIF file around one coded picture (ISO/IEC 14496-12 §4.2, §8.11; ISO/IEC 23008-12 §6, §9).
 *
 * It contains nothing else: no rotation, which is applied after decoding, no auxiliary planes, and no second
 * item that a decoder could choose instead.
 */
import type { Size } from '../header.ts';
import { hevcSize } from './hevc-size.ts';

/** A picture from a file, with the size that the file states: its codec's configuration and its data. */
export interface CodedPicture extends Size {
  readonly format: 'avif' | 'heic';
  /** The whole `hvcC` or `av1C` box, including its header. */
  readonly configuration: Uint8Array;
  /** The whole `colr` box with numbers, if there is one. */
  readonly colour?: Uint8Array;
  readonly data: Uint8Array;
}

const BRANDS = { heic: ['heic', 'mif1'], avif: ['avif', 'mif1'] } as const;
const ITEM_TYPES = { heic: 'hvc1', avif: 'av01' } as const;

/** The only item's ID. */
const ITEM = 1;
/** In `ipma`: the property is essential. */
const ESSENTIAL = 0x80;
/** In `iloc`: four bytes for an offset and for a length, none for a base. */
const OFFSET_AND_LENGTH = 0x4400;

export function heifFile({ format, configuration, colour, data, ...stated }: CodedPicture): Uint8Array {
  const { width, height } = (format === 'heic' ? hevcSize(configuration) : undefined) ?? stated;
  const properties = format === 'heic' ? withEightBits(configuration) : configuration;
  const [major, compatible] = BRANDS[format];
  const colours = colour === undefined ? [] : [colour];
  const ftyp = box('ftyp', letters(major), u32(0), letters(major), letters(compatible));
  const meta = (dataAt: number) =>
    fullBox(
      'meta',
      fullBox('hdlr', u32(0), letters('pict'), new Uint8Array(13)),
      fullBox('pitm', u16(ITEM)),
      fullBox(
        'iloc',
        u16(OFFSET_AND_LENGTH),
        u16(1),
        u16(ITEM),
        u16(0),
        u16(1),
        u32(dataAt),
        u32(data.length),
      ),
      fullBox('iinf', u16(1), itemInfo(ITEM_TYPES[format])),
      box(
        'iprp',
        box('ipco', properties, fullBox('ispe', u32(width), u32(height)), ...colours),
        fullBox(
          'ipma',
          u32(1),
          u16(ITEM),
          Uint8Array.of(2 + colours.length, ESSENTIAL | 1, 2, ...colours.map(() => 3)),
        ),
      ),
    );
  const headBytes = ftyp.length + meta(0).length + BOX_HEAD_BYTES;
  return joined([ftyp, meta(headBytes), box('mdat', data)]);
}

const BOX_HEAD_BYTES = 8;

/** In `hvcC`: bits of luma and of chroma beyond eight, in the lowest three bits of their bytes. */
const DEPTHS_AT = [BOX_HEAD_BYTES + 17, BOX_HEAD_BYTES + 18] as const;

/**
 * The decoder goes by the coded data, which state their depth too. From this one magick chooses the bits of the samples
 * that it requests, of which it keeps eight in any case: with 16, the library below it takes up to half as much memory
 * again.
 */
function withEightBits(configuration: Uint8Array): Uint8Array {
  const changed = configuration.slice();
  for (const at of DEPTHS_AT) changed[at] = (changed[at] ?? 0) & 0xf8;
  return changed;
}

/** `infe` of version 2: ID, no protection, type, an empty name. */
function itemInfo(type: string): Uint8Array {
  return box('infe', u32(2 << 24), u16(ITEM), u16(0), letters(type), Uint8Array.of(0));
}

function fullBox(type: string, ...contents: Uint8Array[]): Uint8Array {
  return box(type, u32(0), ...contents);
}

function box(type: string, ...contents: Uint8Array[]): Uint8Array {
  const bytes = contents.reduce((sum, { length }) => sum + length, BOX_HEAD_BYTES);
  return joined([u32(bytes), letters(type), ...contents]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function letters(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}
