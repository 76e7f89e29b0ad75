import { type ByteRange, broken, type GifHeader, type Sniffed } from '../header.ts';
import { lettersOf, startsWith, viewOf } from './bytes.ts';

/** §17. */
const VERSIONS = [lettersOf('GIF87a'), lettersOf('GIF89a')];
/** Header and logical screen descriptor (GIF89a §17, §18). */
export const SCREEN_BYTES = 13;
export const DESCRIPTOR_BYTES = 10;

const IMAGE = 0x2c;
const EXTENSION = 0x21;
/** The label of a graphic control extension (§23). */
const CONTROL = 0xf9;
const HAS_TRANSPARENT = 0x01;

const HAS_COLOUR_TABLE = 0x80;
const INTERLACED = 0x40;

export function isGif(bytes: Uint8Array): boolean {
  return VERSIONS.some((version) => startsWith(bytes, version));
}

/**
 * Reads the logical screen and the first image descriptor (GIF89a §20), and looks for a second one.
 *
 * The screen is the picture's size, and the frame a part of it. If the frame extends beyond it, the picture is as large
 * as both together, as in Chromium's decoder (Wuffs) and Pillow; if there is no screen, it is the frame.
 */
export function readGifHeader(bytes: Uint8Array): Sniffed<GifHeader> {
  const view = viewOf(bytes);
  if (bytes.length < SCREEN_BYTES) return broken('gif', 'the GIF ends inside its screen descriptor');
  const screen = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  const common = colourTable(SCREEN_BYTES, view.getUint8(10));
  const first = nextImage(bytes, common.end);
  if (first === undefined) return broken('gif', 'the GIF ends before its first frame');
  const { at, transparent } = first;
  const noScreen = screen.width === 0 || screen.height === 0;
  const frame = {
    left: noScreen ? 0 : view.getUint16(at + 1, true),
    top: noScreen ? 0 : view.getUint16(at + 3, true),
    width: view.getUint16(at + 5, true),
    height: view.getUint16(at + 7, true),
  };
  const flags = view.getUint8(at + 9);
  if (frame.width === 0 || frame.height === 0) return broken('gif', 'the GIF has an empty first frame');

  const own = colourTable(at + DESCRIPTOR_BYTES, flags);
  const palette = own.start < own.end ? own : common;
  const header: GifHeader = {
    format: 'gif',
    width: noScreen ? frame.width : Math.max(screen.width, frame.left + frame.width),
    height: noScreen ? frame.height : Math.max(screen.height, frame.top + frame.height),
    components: 1,
    bitDepth: 8,
    progressive: (flags & INTERLACED) !== 0,
    // After the colour table: one byte of LZW code size (§22), then the data sub-blocks.
    animated: nextImage(bytes, afterSubBlocks(bytes, own.end + 1)) !== undefined,
    orientation: 1,
    frame,
    palette: palette.start < palette.end ? palette : undefined,
    transparent,
    dataAt: own.end,
  };
  return { kind: 'picture', header };
}

interface ImageAt {
  readonly at: number;
  readonly transparent: number | undefined;
}

/**
 * The next complete image descriptor. Extensions (§23–26) and empty blocks are skipped; one names the transparent
 * index.
 */
function nextImage(bytes: Uint8Array, from: number): ImageAt | undefined {
  let at = from;
  let transparent: number | undefined;
  for (; bytes[at] === EXTENSION || bytes[at] === 0; ) {
    if (bytes[at] === 0) {
      at += 1;
      continue;
    }
    if (bytes[at + 1] === CONTROL) {
      transparent = ((bytes[at + 3] ?? 0) & HAS_TRANSPARENT) === 0 ? undefined : bytes[at + 6];
    }
    at = afterSubBlocks(bytes, at + 2);
  }
  return bytes[at] === IMAGE && at + DESCRIPTOR_BYTES <= bytes.length ? { at, transparent } : undefined;
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
export function colourTable(start: number, flags: number): ByteRange {
  const has = (flags & HAS_COLOUR_TABLE) !== 0;
  return { start, end: has ? start + 3 * 2 ** ((flags & 0x07) + 1) : start };
}
