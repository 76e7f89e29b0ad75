/** Converts planes of DC coefficients to pixels: each block becomes one, its mean. */
import type { Pixels } from '../pixels.ts';
import type { Component, Frame } from './frame.ts';

/** Samples are stored centred on 0; at 8 bits that is 128 (ISO/IEC 10918-1 A.3.1). */
const MIDDLE = 128;
/** A block's mean is its DC coefficient divided by this (A.3.3). */
const DC_PER_SAMPLE = 8;

/**
 * @param dcSteps by quantisation table, the factor of its DC coefficients.
 * @param isRgb whether the components are red, green and blue; else they are Y, Cb and Cr.
 * @returns an eighth of the picture's width and height, rounded up; 3 bytes per pixel, or 1 if grey.
 */
export function toPixels(frame: Frame, dcSteps: ReadonlyMap<number, number>, isRgb: boolean): Pixels {
  const grey = frame.components.length === 1;
  const picture = {
    width: Math.ceil(frame.width / 8),
    height: Math.ceil(frame.height / 8),
    extent: { width: frame.width / 8, height: frame.height / 8 },
    layout: { bytesPerPixel: grey ? 1 : 3, grey },
  };
  // Rounds, and clamps to 0…255.
  const data = new Uint8ClampedArray(picture.width * picture.height * picture.layout.bytesPerPixel);
  for (const [channel, component] of frame.components.entries()) {
    const step = (dcSteps.get(component.quantTable) ?? 1) / DC_PER_SAMPLE;
    spread(data.subarray(channel), picture, component, frame, step);
  }
  if (!grey && !isRgb) toRgb(data);
  return { ...picture, data: new Uint8Array(data.buffer) };
}

/** Writes a plane into its channel; one with fewer blocks than the picture has pixels is enlarged. */
function spread(
  channel: Uint8ClampedArray,
  { width, height, layout: { bytesPerPixel } }: Omit<Pixels, 'data'> & { layout: { bytesPerPixel: number } },
  { across, down, columns, dc }: Component,
  frame: Frame,
  step: number,
): void {
  let at = 0;
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * down) / frame.down) * columns;
    for (let x = 0; x < width; x++, at += bytesPerPixel) {
      // Within bounds: planes are padded to cover the picture.
      channel[at] = MIDDLE + step * (dc[row + Math.floor((x * across) / frame.across)] as number);
    }
  }
}

/** ITU-T T.871 §7, in place. */
function toRgb(data: Uint8ClampedArray): void {
  for (let at = 0; at < data.length; at += 3) {
    // Within bounds: the length is a multiple of three.
    const y = data[at] as number;
    const cb = (data[at + 1] as number) - MIDDLE;
    const cr = (data[at + 2] as number) - MIDDLE;
    data[at] = y + 1.402 * cr;
    data[at + 1] = y - 0.344136 * cb - 0.714136 * cr;
    data[at + 2] = y + 1.772 * cb;
  }
}
