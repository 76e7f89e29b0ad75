/**
 * Reads the size of an HEVC picture from its coded data (ITU-T H.265 §7.3.2.2). Cameras round it up and state another
 * one in the file's boxes, and the decoder takes such a file for broken.
 */
import type { Size } from '../header.ts';
import { viewOf } from '../headers/bytes.ts';

/**
 * Bytes of HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3.1.2) before its arrays; and of a box's size and
 * type.
 */
const RECORD_BYTES = 22;
const BOX_HEAD_BYTES = 8;
const SPS = 33;
/** Bits from general_profile_space to general_level_idc, and of the same for a sub-layer. */
const [PROFILE_BITS, LEVEL_BITS] = [88, 8] as const;
const MAX_SIDE = 65_535;
/** Bytes of a parameter set up to the size: some 30, with seven sub-layers some 120. */
const READ_BYTES = 256;

/** @param configuration the whole `hvcC` box. */
export function hevcSize(configuration: Uint8Array): Size | undefined {
  const sps = firstSps(configuration.subarray(BOX_HEAD_BYTES));
  // After the two bytes of the unit's own header.
  return sps && readSps(bitsOf(sps.subarray(2, READ_BYTES)));
}

function firstSps(record: Uint8Array): Uint8Array | undefined {
  const view = viewOf(record);
  const u16 = (at: number) => (at + 2 <= record.length ? view.getUint16(at) : 0);
  let at = RECORD_BYTES + 1;
  for (let arrays = record[RECORD_BYTES] ?? 0; arrays > 0 && at < record.length; arrays--) {
    const type = (record[at] ?? 0) & 0x3f;
    const units = u16(at + 1);
    at += 3;
    for (let unit = 0; unit < units && at < record.length; unit++) {
      const end = at + 2 + u16(at);
      if (type === SPS) return record.subarray(at + 2, end);
      at = end;
    }
  }
  return undefined;
}

function readSps(bits: Bits): Size | undefined {
  bits.skip(4);
  const subLayers = bits.uint(3);
  bits.skip(1 + PROFILE_BITS + LEVEL_BITS);
  skipSubLayers(bits, subLayers);
  bits.golomb();
  const chroma = bits.golomb();
  if (chroma === 3) bits.skip(1);
  const [width, height] = [bits.golomb(), bits.golomb()];
  // §6.2: units of the conformance window in luma samples.
  const [across, down] = [chroma === 1 || chroma === 2 ? 2 : 1, chroma === 1 ? 2 : 1];
  const [left, right, top, bottom] =
    bits.uint(1) === 1 ? [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()] : [0, 0, 0, 0];
  const size = { width: width - across * (left + right), height: height - down * (top + bottom) };
  const isSize = [size.width, size.height].every((side) => side >= 1 && side <= MAX_SIDE);
  return isSize && !bits.overran() ? size : undefined;
}

/** §7.3.3, of profile_tier_level. */
function skipSubLayers(bits: Bits, count: number): void {
  const present = Array.from({ length: count }, () => [bits.uint(1), bits.uint(1)] as const);
  if (count > 0) bits.skip(2 * (8 - count));
  for (const [profile, level] of present) bits.skip(profile * PROFILE_BITS + level * LEVEL_BITS);
}

interface Bits {
  uint(count: number): number;
  skip(count: number): void;
  /** §9.2. */
  golomb(): number;
  overran(): boolean;
}

/** Without the emulation prevention bytes (§7.4.2). */
function bitsOf(unit: Uint8Array): Bits {
  const bytes = unit.filter((byte, i) => !(byte === 3 && i >= 2 && unit[i - 1] === 0 && unit[i - 2] === 0));
  let at = 0;
  const uint = (count: number) => {
    let value = 0;
    for (const end = at + count; at < end; at++) {
      value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    }
    return value;
  };
  const overran = () => at > 8 * bytes.length;
  return {
    uint,
    skip(count) {
      at += count;
    },
    golomb() {
      let zeros = 0;
      while (zeros < 32 && !overran() && uint(1) === 0) zeros++;
      return 2 ** zeros - 1 + uint(zeros);
    },
    overran,
  };
}
