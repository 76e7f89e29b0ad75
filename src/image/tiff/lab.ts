/**
 * CIE L*a*b* (TIFF 6.0 §23; its encodings in TIFF technical note 1 and, for ITU-T T.42, RFC 3949 §7) to sRGB.
 *
 * Its white is taken for D50, as in Photoshop and profiles, and adapted by Bradford: white stays white.
 */
import type { TiffPhotometric } from '../header.ts';

type Lab = Extract<TiffPhotometric, 'cielab' | 'icclab' | 'itulab'>;

/** D50 (ICC.1:2022 §7.2.16). */
const WHITE = [0.9642, 1, 0.8249] as const;

/** Linear sRGB from XYZ relative to D50, as in `colour/convert.ts`. */
const TO_SRGB = Float64Array.of(
  ...[3.1338561, -1.6168667, -0.4906146],
  ...[-0.9787684, 1.9161415, 0.033454],
  ...[0.0719453, -0.2289914, 1.4052427],
);

const STEPS = 4096;
/** sRGB's curve, from linear light in steps to 0–255. */
const ENCODED = Uint8Array.from({ length: STEPS + 1 }, (_, i) => {
  const linear = i / STEPS;
  return 255 * (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055) + 0.5;
});

/** @param bits 8 or 16. */
export function labToRgb(
  encoding: Lab,
  bits: number,
  components: number,
): (samples: Uint8Array | Uint16Array, count: number, to: Uint8Array) => void {
  const [lightness, a, b] = encodings(encoding, bits);
  return (samples, count, to) => {
    for (let i = 0, at = 0; i < count; i++, at += components) {
      // Within bounds: at least three components.
      const fy = (lightness(samples[at] as number) + 16) / 116;
      const x = WHITE[0] * cubed(fy + a(samples[at + 1] as number) / 500);
      const y = WHITE[1] * cubed(fy);
      const z = WHITE[2] * cubed(fy - b(samples[at + 2] as number) / 200);
      for (let channel = 0; channel < 3; channel++) {
        const linear =
          (TO_SRGB[3 * channel] as number) * x +
          (TO_SRGB[3 * channel + 1] as number) * y +
          (TO_SRGB[3 * channel + 2] as number) * z;
        to[3 * i + channel] = ENCODED[Math.min(Math.max(Math.round(linear * STEPS), 0), STEPS)] as number;
      }
    }
  };
}

/** The inverse of the function by which CIE 15 §8.2.1 defines L*, a* and b*. */
function cubed(f: number): number {
  return f > 6 / 29 ? f ** 3 : (f - 4 / 29) * 3 * (6 / 29) ** 2;
}

type Decode = (stored: number) => number;

function encodings(encoding: Lab, bits: number): readonly [lightness: Decode, a: Decode, b: Decode] {
  const most = 2 ** bits - 1;
  /** One unit of a or b. */
  const unit = 2 ** (bits - 8);
  switch (encoding) {
    case 'cielab': {
      const signed: Decode = (stored) => (stored >= (most + 1) / 2 ? stored - most - 1 : stored) / unit;
      return [(stored) => (100 * stored) / most, signed, signed];
    }
    case 'icclab': {
      const offset: Decode = (stored) => stored / unit - 128;
      // 100 is 255, and 0xff00 of 16 bits.
      return [(stored) => (100 * stored) / (255 * unit), offset, offset];
    }
    case 'itulab': {
      const ranged =
        (least: number, greatest: number): Decode =>
        (stored) =>
          least + ((greatest - least) * stored) / most;
      return [ranged(0, 100), ranged(-85, 85), ranged(-75, 125)];
    }
  }
}
