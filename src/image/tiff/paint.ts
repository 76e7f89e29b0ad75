/**
 * Converts a row's numbers to visible colours on white: one byte per pixel for grey, or three of red, green and blue.
 */
import type { TiffHeader } from '../header.ts';
import { COLOURS } from '../headers/tiff-tags.ts';
import { labToRgb } from './lab.ts';
import type { Palette } from './palette.ts';

export interface Paint {
  /** 1 for grey, 3 for colour. */
  readonly channels: 1 | 3;
  /** Whether it needs stored values, not levels. */
  readonly ofValues: boolean;
  /**
   * @param samples of `count` pixels, with all components of a pixel consecutive.
   * @returns valid until the next call; it may be `samples` itself.
   */
  row(samples: Samples, count: number): Uint8Array;
}

export type Samples = Uint8Array<ArrayBufferLike> | Uint16Array<ArrayBufferLike>;

/** Writes the colours of a row, ignoring alpha. */
type Colour = (samples: Samples, count: number, to: Uint8Array) => void;

/** @param width of the longest row. */
export function paintOf(header: TiffHeader, width: number, palette: Palette | undefined): Paint {
  const { photometric, components, extraSamples, bitDepth, whiteIsZero } = header;
  const channels = photometric === 'grey' ? 1 : 3;
  const ofValues = photometric === 'palette' || photometric.endsWith('lab');
  const alphaAt = extraSamples.findIndex((kind) => kind !== 'unspecified');
  const isAsStored = photometric === 'rgb' || (photometric === 'grey' && !whiteIsZero);
  if (isAsStored && alphaAt < 0 && components === channels) {
    // Levels of bytes are the bytes themselves.
    return { channels, ofValues, row: (samples) => samples as Uint8Array };
  }
  const colour = colourOf(header, palette);
  const to = new Uint8Array(width * channels);
  if (alphaAt < 0) {
    const row = (samples: Samples, count: number) => {
      colour(samples, count, to);
      return to;
    };
    return { channels, ofValues, row };
  }
  const place = COLOURS[photometric] + alphaAt;
  const opaque = ofValues ? 2 ** bitDepth - 1 : 255;
  const mix = mixing(header, extraSamples[alphaAt] === 'premultiplied');
  return {
    channels,
    ofValues,
    row(samples, count) {
      colour(samples, count, to);
      if (mix === 'none') return to;
      for (let i = 0; i < count; i++) {
        const alpha = ((samples[i * components + place] as number) * 255) / opaque;
        for (let channel = i * channels; channel < (i + 1) * channels; channel++) {
          const value = to[channel] as number;
          to[channel] = Math.min(255, (mix === 'add' ? value : (value * alpha) / 255) + 255 - alpha + 0.5);
        }
      }
      return to;
    },
  };
}

/**
 * How alpha is applied. Premultiplied values only need the share of white; if 0 is white, as for ink, white adds
 * nothing. Indices and Lab cannot be premultiplied.
 */
function mixing(
  { photometric, whiteIsZero }: TiffHeader,
  isPremultiplied: boolean,
): 'multiply' | 'add' | 'none' {
  if (!isPremultiplied) return 'multiply';
  if (photometric === 'rgb') return 'add';
  if (photometric === 'grey') return whiteIsZero ? 'none' : 'add';
  return photometric === 'cmyk' ? 'none' : 'multiply';
}

function colourOf(header: TiffHeader, palette: Palette | undefined): Colour {
  const { photometric, components, whiteIsZero } = header;
  // Within bounds, as below: this many pixels with this many components.
  switch (photometric) {
    case 'grey': {
      const flip = whiteIsZero ? 255 : 0;
      return (samples, count, to) => {
        for (let i = 0, at = 0; i < count; i++, at += components) to[i] = (samples[at] as number) ^ flip;
      };
    }
    case 'cmyk':
      return (samples, count, to) => {
        for (let i = 0, at = 0; i < count; i++, at += components) {
          const light = 255 - (samples[at + 3] as number);
          for (let ink = 0; ink < 3; ink++) {
            to[3 * i + ink] = ((255 - (samples[at + ink] as number)) * light) / 255 + 0.5;
          }
        }
      };
    case 'palette':
      return (samples, count, to) => {
        for (let i = 0, at = 0; i < count; i++, at += components) {
          const entry = 3 * (samples[at] as number);
          // An index without a colour is black.
          for (let channel = 0; channel < 3; channel++) to[3 * i + channel] = palette?.[entry + channel] ?? 0;
        }
      };
    case 'cielab':
    case 'icclab':
    case 'itulab':
      return labToRgb(photometric, header.bitDepth, components);
    case 'rgb':
    case 'ycbcr':
      return (samples, count, to) => {
        for (let i = 0, at = 0; i < count; i++, at += components) {
          for (let channel = 0; channel < 3; channel++) {
            to[3 * i + channel] = samples[at + channel] as number;
          }
        }
      };
  }
}
