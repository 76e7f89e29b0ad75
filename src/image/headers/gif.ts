import { broken, type GifHeader, type Sniffed } from '../header.ts';
import { lettersOf, startsWith, viewOf } from './bytes.ts';

/** §17. */
const VERSIONS = [lettersOf('GIF87a'), lettersOf('GIF89a')];
/** Header and logical screen descriptor (GIF89a §17, §18). */
const SCREEN_BYTES = 13;
const DESCRIPTOR_BYTES = 10;

const IMAGE = 0x2c;
const EXTENSION = 0x21;

const HAS_COLOUR_TABLE = 0x80;
const INTERLACED = 0x40;

export function isGif(bytes: Uint8Array): boolean {
  return VERSIONS.some((version) => startsWith(bytes, version));
}

/**
 * Reads the logical screen, the first image descriptor (GIF89a §20), and looks for a second one.
 *
 * The screen is the picture's size: the frame may be a part of it, or reach beyond it and be cut off.
 */
export function readGifHeader(bytes: Uint8Array): Sniffed {
  const view = viewOf(bytes);
  if (bytes.length < SCREEN_BYTES) return broken('gif', 'the GIF ends inside its screen descriptor');
  const width = view.getUint16(6, true);
  const height = view.getUint16(8, true);
  if (width === 0 || height === 0) return broken('gif', 'the GIF is 0 pixels wide or high');

  const first = nextImage(bytes, SCREEN_BYTES + colourTableBytes(view.getUint8(10)));
  if (first === undefined) return broken('gif', 'the GIF ends before its first frame');
  const frame = { width: view.getUint16(first + 5, true), height: view.getUint16(first + 7, true) };
  const flags = view.getUint8(first + 9);
  if (frame.width === 0 || frame.height === 0) return broken('gif', 'the GIF has an empty first frame');

  // After the descriptor: the local colour table, one byte of LZW code size (§22), the data sub-blocks.
  const data = first + DESCRIPTOR_BYTES + colourTableBytes(flags) + 1;
  const header: GifHeader = {
    format: 'gif',
    width,
    height,
    components: 1,
    bitDepth: 8,
    progressive: (flags & INTERLACED) !== 0,
    animated: nextImage(bytes, afterSubBlocks(bytes, data)) !== undefined,
    orientation: 1,
    frame,
  };
  return { kind: 'picture', header };
}

/** Position of the next whole image descriptor, extensions passed over (§23–26). */
function nextImage(bytes: Uint8Array, from: number): number | undefined {
  let at = from;
  while (bytes[at] === EXTENSION) at = afterSubBlocks(bytes, at + 2);
  return bytes[at] === IMAGE && at + DESCRIPTOR_BYTES <= bytes.length ? at : undefined;
}

/** Sub-blocks are a length and that many bytes; one of length 0 ends them (§15, §16). */
export function afterSubBlocks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (true) {
    const length = bytes[at];
    if (length === undefined) return bytes.length;
    at += 1 + length;
    if (length === 0) return at;
  }
}

/** The low three bits give the table's size as a power of two, less one (§18, §20); three bytes a colour. */
export function colourTableBytes(flags: number): number {
  return (flags & HAS_COLOUR_TABLE) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}
