/**
 * Writes sequential JPEGs of kinds that libvips does not: any sampling factors, restart intervals, 16-bit quantisation
 * tables, codes of all lengths up to 16 bits (ISO/IEC 10918-1).
 */
import type { Size } from './scenes.ts';

export interface JpegKind {
  /** 1: grey; else YCbCr. */
  readonly components: 1 | 3;
  /** Sampling factors of the first component; the others have 1 and 1. */
  readonly across: 1 | 2;
  readonly down: 1 | 2;
  /** MCUs between restart markers; 0 for none. */
  readonly restart: number;
  /** The quantisation step of a coefficient, by its position in the zigzag. */
  readonly step: (place: number) => number;
  readonly wideSteps: boolean;
}

const BLOCK = 8;
const BEYOND = [180, 70, 180];
const PLACES = zigzag();
const DC_SYMBOLS = Array.from({ length: 12 }, (_, size) => size);
/** The end of a block, then runs and sizes, the frequent ones first; 0xf0 is a run of 16 zeros. */
const AC_SYMBOLS = [
  0x00,
  ...Array.from({ length: 160 }, (_, i) => ((i % 16) << 4) | (1 + Math.floor(i / 16))).sort(
    (one, other) => weight(one) - weight(other),
  ),
  0xf0,
];
/** Number of codes of each length from 1 to 16. */
const DC_COUNTS = [0, 1, 2, 3, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
const AC_COUNTS = [0, 1, 1, 2, 3, 4, 6, 10, 12, 14, 16, 18, 20, 20, 20, 15];

function weight(symbol: number): number {
  return (symbol >> 4) + 2 * (symbol & 0x0f);
}

/** `rgb`: height × width × 3 bytes, row by row from the top. */
export function codedJpeg(rgb: Uint8Array, { width, height }: Size, kind: JpegKind): Uint8Array {
  const { components, across, down, restart, step, wideSteps } = kind;
  const ids = Array.from({ length: components }, (_, i) => i + 1);
  const steps = Array.from({ length: BLOCK * BLOCK }, (_, place) => step(place));
  const factors = (id: number) => (id === 1 ? (across << 4) | down : 0x11);
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xdb, [wideSteps ? 0x10 : 0, ...steps.flatMap((one) => (wideSteps ? be16(one) : [one]))]),
    // The 8-bit process of SOF0 has no tables of 16 bits.
    ...segment(wideSteps ? 0xc1 : 0xc0, [
      8,
      ...be16(height),
      ...be16(width),
      components,
      ...ids.flatMap((id) => [id, factors(id), 0]),
    ]),
    ...segment(0xc4, [0x00, ...DC_COUNTS, ...DC_SYMBOLS, 0x10, ...AC_COUNTS, ...AC_SYMBOLS]),
    ...(restart === 0 ? [] : segment(0xdd, be16(restart))),
    ...segment(0xda, [components, ...ids.flatMap((id) => [id, 0x00]), 0, 63, 0]),
    ...scan(rgb, { width, height }, kind, steps),
    ...[0xff, 0xd9],
  ]);
}

function scan(rgb: Uint8Array, size: Size, kind: JpegKind, steps: readonly number[]): number[] {
  const { components, restart } = kind;
  // A single component is not interleaved, whatever its factors are (A.2.2).
  const [across, down] = components === 1 ? [1, 1] : [kind.across, kind.down];
  const columns = Math.ceil(size.width / (BLOCK * across));
  const mcus = columns * Math.ceil(size.height / (BLOCK * down));
  const writer = bitWriter();
  let before = new Array<number>(components).fill(0);
  for (let mcu = 0; mcu < mcus; mcu++) {
    if (restart > 0 && mcu > 0 && mcu % restart === 0) {
      writer.marker(0xd0 + ((mcu / restart - 1) & 7));
      before = before.map(() => 0);
    }
    const [left, top] = [(mcu % columns) * BLOCK * across, Math.floor(mcu / columns) * BLOCK * down];
    for (let component = 0; component < components; component++) {
      const [blocksAcross, blocksDown] = component === 0 ? [across, down] : [1, 1];
      const [pixelsAcross, pixelsDown] = component === 0 ? [1, 1] : [across, down];
      for (let block = 0; block < blocksAcross * blocksDown; block++) {
        const x0 = left + (block % blocksAcross) * BLOCK;
        const y0 = top + Math.floor(block / blocksAcross) * BLOCK;
        const samples = Array.from({ length: BLOCK * BLOCK }, (_, i) =>
          mean(rgb, size, component, {
            left: x0 + (i % BLOCK) * pixelsAcross,
            top: y0 + Math.floor(i / BLOCK) * pixelsDown,
            width: pixelsAcross,
            height: pixelsDown,
          }),
        );
        const coefficients = transformed(samples);
        const stored = PLACES.map((at, place) => Math.round((coefficients[at] ?? 0) / (steps[place] ?? 1)));
        writeBlock(writer, stored, before[component] ?? 0);
        before[component] = stored[0] ?? 0;
      }
    }
  }
  return writer.end();
}

/**
 * A component's samples, centred on 0. Beyond the edges are values that do not occur in the picture, so that their use
 * shows.
 */
function mean(
  rgb: Uint8Array,
  { width, height }: Size,
  component: number,
  area: Size & { left: number; top: number },
): number {
  let sum = 0;
  for (let i = 0; i < area.width * area.height; i++) {
    const x = area.left + (i % area.width);
    const y = area.top + Math.floor(i / area.width);
    const isInside = x < width && y < height;
    const [red = 0, green = 0, blue = 0] = isInside ? rgb.subarray(3 * (y * width + x)) : BEYOND;
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
    sum += component === 0 ? luma - 128 : component === 1 ? (blue - luma) / 1.772 : (red - luma) / 1.402;
  }
  return sum / (area.width * area.height);
}

const COSINES = Array.from({ length: BLOCK }, (_, frequency) =>
  Array.from(
    { length: BLOCK },
    (_, i) => Math.cos(((2 * i + 1) * frequency * Math.PI) / 16) / (frequency === 0 ? Math.sqrt(8) : 2),
  ),
);

/** A.3.3, the forward DCT: by rows, then by columns. */
function transformed(samples: readonly number[]): number[] {
  const rows = samples.map((_, i) =>
    (COSINES[i % BLOCK] ?? []).reduce(
      (sum, cosine, x) => sum + cosine * (samples[i - (i % BLOCK) + x] ?? 0),
      0,
    ),
  );
  return rows.map((_, i) =>
    (COSINES[Math.floor(i / BLOCK)] ?? []).reduce(
      (sum, cosine, y) => sum + cosine * (rows[y * BLOCK + (i % BLOCK)] ?? 0),
      0,
    ),
  );
}

function writeBlock(writer: BitWriter, stored: readonly number[], before: number): void {
  const [dc = 0, ...rest] = stored;
  writer.number(DC_CODES, 0, dc - before);
  let run = 0;
  const last = rest.findLastIndex((value) => value !== 0);
  for (const value of rest.slice(0, last + 1)) {
    if (value === 0) {
      run++;
      continue;
    }
    for (; run > 15; run -= 16) writer.code(AC_CODES, 0xf0);
    writer.number(AC_CODES, run, value);
    run = 0;
  }
  if (last < rest.length - 1) writer.code(AC_CODES, 0x00);
}

interface Code {
  readonly bits: number;
  readonly length: number;
}
type Codes = ReadonlyMap<number, Code>;

const DC_CODES = codesOf(DC_COUNTS, DC_SYMBOLS);
const AC_CODES = codesOf(AC_COUNTS, AC_SYMBOLS);

/** Annex C. */
function codesOf(counts: readonly number[], symbols: readonly number[]): Codes {
  const codes = new Map<number, Code>();
  let bits = 0;
  for (const [i, count] of counts.entries()) {
    for (let n = 0; n < count; n++) codes.set(symbols[codes.size] ?? 0, { bits: bits++, length: i + 1 });
    bits *= 2;
  }
  return codes;
}

type BitWriter = ReturnType<typeof bitWriter>;

function bitWriter() {
  const bytes: number[] = [];
  let bits = '';
  const put = (value: number, length: number) => {
    bits += length === 0 ? '' : value.toString(2).padStart(length, '0');
    while (bits.length >= 8) {
      const byte = Number.parseInt(bits.slice(0, 8), 2);
      bits = bits.slice(8);
      bytes.push(byte, ...(byte === 0xff ? [0] : []));
    }
  };
  const fill = () => put(2 ** ((8 - bits.length) % 8) - 1, (8 - bits.length) % 8);
  const code = (codes: Codes, symbol: number) => {
    const { bits: value, length } = codes.get(symbol) ?? { bits: 0, length: 0 };
    put(value, length);
  };
  return {
    code,
    /** The symbol of a run and a size, and the number that follows it (F.1.2). */
    number(codes: Codes, run: number, value: number) {
      const size = value === 0 ? 0 : 32 - Math.clz32(Math.abs(value));
      code(codes, (run << 4) | size);
      put(value < 0 ? value + 2 ** size - 1 : value, size);
    },
    marker(marker: number) {
      fill();
      bytes.push(0xff, marker);
    },
    end() {
      fill();
      return bytes;
    },
  };
}

/** Figure A.6: indices of a block's rows, along the diagonals. */
function zigzag(): number[] {
  const places = Array.from({ length: BLOCK * BLOCK }, (_, i) => i);
  const diagonal = (i: number) => (i % BLOCK) + Math.floor(i / BLOCK);
  const along = (i: number) => (diagonal(i) % 2 === 0 ? i % BLOCK : Math.floor(i / BLOCK));
  return places.sort((one, other) => diagonal(one) - diagonal(other) || along(one) - along(other));
}

function segment(marker: number, payload: readonly number[]): number[] {
  return [0xff, marker, ...be16(payload.length + 2), ...payload];
}

function be16(value: number): number[] {
  return [value >> 8, value & 0xff];
}
