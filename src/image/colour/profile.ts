/**
 * ICC profiles with three primaries and three curves (ICC.1:2022 §8.3.3), as cameras, phones and screens have.
 *
 * Other profiles (tables, CMYK, grey) are not read, and their pictures are taken as sRGB.
 */
import { fourCC, viewOf } from '../headers/bytes.ts';

/** From a stored component to linear light, both 0–1. */
export type Curve = (value: number) => number;

export interface RgbSpace {
  readonly curves: readonly [red: Curve, green: Curve, blue: Curve];
  /** XYZ relative to D50 of linear red, green and blue: one column each. */
  readonly columns: readonly [red: Xyz, green: Xyz, blue: Xyz];
}

type Xyz = readonly [x: number, y: number, z: number];

/** Profiles with three primaries have 0.5–4 KB; printers' tables are larger. */
export const MAX_PROFILE_BYTES = 65_536;

const HEADER_BYTES = 128;
const TAG_BYTES = 12;
const MAX_TAGS = 100;
const MAX_CURVE_POINTS = 4096;

const [RGB, XYZ, ACSP] = [fourCC('RGB '), fourCC('XYZ '), fourCC('acsp')];
const [CURV, PARA] = [fourCC('curv'), fourCC('para')];
const COLUMNS = ['rXYZ', 'gXYZ', 'bXYZ'].map(fourCC);
const CURVES = ['rTRC', 'gTRC', 'bTRC'].map(fourCC);

/** IEC 61966-2-1, as parametric curve 3. */
export const SRGB_CURVE: Curve =
  parametric(3, [2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]) ?? identity;

/** SMPTE EG 432-1 with sRGB's curve, the white adapted to D50. */
export const DISPLAY_P3: RgbSpace = {
  curves: [SRGB_CURVE, SRGB_CURVE, SRGB_CURVE],
  columns: [
    [0.5151, 0.2412, -0.0011],
    [0.292, 0.6922, 0.0419],
    [0.1571, 0.0666, 0.7841],
  ],
};

/** @returns undefined for a profile of another kind, or a damaged one. */
export function readProfile(bytes: Uint8Array): RgbSpace | undefined {
  if (bytes.length < HEADER_BYTES + 4 || bytes.length > MAX_PROFILE_BYTES) return undefined;
  const view = viewOf(bytes);
  if (view.getUint32(16) !== RGB || view.getUint32(20) !== XYZ || view.getUint32(36) !== ACSP)
    return undefined;
  const tags = tagsOf(view);
  const [r, g, b] = COLUMNS.map((tag) => xyzAt(tags.get(tag)));
  const [red, green, blue] = CURVES.map((tag) => curveAt(tags.get(tag)));
  if (!r || !g || !b || !red || !green || !blue) return undefined;
  return { columns: [r, g, b], curves: [red, green, blue] };
}

/** Where the data of each tag are; tags beyond the end of the profile are left out. */
function tagsOf(view: DataView): ReadonlyMap<number, DataView> {
  const tags = new Map<number, DataView>();
  const count = Math.min(view.getUint32(HEADER_BYTES), MAX_TAGS);
  for (let i = 0; i < count; i++) {
    const at = HEADER_BYTES + 4 + i * TAG_BYTES;
    if (at + TAG_BYTES > view.byteLength) break;
    const [start, length] = [view.getUint32(at + 4), view.getUint32(at + 8)];
    if (start + length > view.byteLength) continue;
    tags.set(view.getUint32(at), new DataView(view.buffer, view.byteOffset + start, length));
  }
  return tags;
}

/** §10.31: one XYZNumber. */
function xyzAt(data: DataView | undefined): Xyz | undefined {
  if (data === undefined || data.byteLength < 20 || data.getUint32(0) !== XYZ) return undefined;
  return [fixed(data, 8), fixed(data, 12), fixed(data, 16)];
}

function curveAt(data: DataView | undefined): Curve | undefined {
  if (data === undefined || data.byteLength < 12) return undefined;
  if (data.getUint32(0) === CURV) return sampled(data);
  return data.getUint32(0) === PARA ? parametricAt(data) : undefined;
}

/** §10.6: no entry is the identity, one is a gamma in 256ths, more are equidistant samples. */
function sampled(data: DataView): Curve | undefined {
  const count = data.getUint32(8);
  if (count === 0) return identity;
  if (count > MAX_CURVE_POINTS || 12 + 2 * count > data.byteLength) return undefined;
  if (count === 1) {
    const gamma = data.getUint16(12) / 256;
    return (value) => value ** gamma;
  }
  return (value) => {
    const place = value * (count - 1);
    const below = Math.min(count - 2, Math.floor(place));
    const [from, to] = [data.getUint16(12 + 2 * below), data.getUint16(14 + 2 * below)];
    return (from + (to - from) * (place - below)) / 65_535;
  };
}

/** §10.18: number of parameters of each function type. */
const PARAMETERS = [1, 3, 4, 5, 7];

function parametricAt(data: DataView): Curve | undefined {
  const type = data.getUint16(8);
  const count = PARAMETERS[type] ?? 0;
  if (count === 0 || 12 + 4 * count > data.byteLength) return undefined;
  return parametric(
    type,
    Array.from({ length: count }, (_, i) => fixed(data, 12 + 4 * i)),
  );
}

/** Table 68: g, then a, b, c, d, e, f, as far as the type has them. */
function parametric(
  type: number,
  [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0]: number[],
): Curve | undefined {
  const power = (value: number) => Math.max(0, a * value + b) ** g;
  switch (type) {
    case 0:
      return (value) => value ** g;
    case 1:
      return (value) => (value >= -b / a ? power(value) : 0);
    case 2:
      return (value) => (value >= -b / a ? power(value) : 0) + c;
    case 3:
      return (value) => (value >= d ? power(value) : c * value);
    case 4:
      return (value) => (value >= d ? power(value) + e : c * value + f);
    default:
      return undefined;
  }
}

function identity(value: number): number {
  return value;
}

/** s15Fixed16Number. */
function fixed(view: DataView, at: number): number {
  return view.getInt32(at) / 65_536;
}
