/** Ten edits that people and services make to a picture. */
import sharp, { type Sharp } from 'sharp';

/** Applies the edit to a picture of this size. */
type Edit = (picture: Sharp, size: { readonly width: number; readonly height: number }) => Sharp;

/** JPEG quality at which services store uploads. */
const QUALITY = 85;
/** Quality of the recompressed edit. */
const LOW_QUALITY = 25;
const WHITE = { r: 255, g: 255, b: 255 };

export const EDITS: Readonly<Record<string, Edit>> = {
  resized: (picture, { width }) => picture.resize({ width: Math.max(1, Math.round(width / 2)) }),
  recompressed: (picture) => picture,
  cropped: (picture, size) => picture.extract(inner(size, 0.1)),
  mirrored: (picture) => picture.flop(),
  turned: (picture) => picture.rotate(5, { background: WHITE }),
  brighter: (picture) => picture.modulate({ brightness: 1.4 }),
  watermark: (picture, size) => picture.composite([{ input: watermark(size) }]),
  border: (picture, size) => picture.extend({ ...border(size), background: WHITE }),
  blur: (picture, { width }) => picture.blur(Math.max(0.5, width / 150)),
  grey: (picture) => picture.greyscale(),
};

/** @returns the edited picture as a JPEG. */
export async function edited(file: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const edit = EDITS[name];
  if (edit === undefined) throw new Error(`There is no edit ${name}.`);
  const upright = await sharp(file)
    .autoOrient()
    .toColourspace('srgb')
    .png()
    .toBuffer({ resolveWithObject: true });
  const quality = name === 'recompressed' ? LOW_QUALITY : QUALITY;
  const made = edit(sharp(upright.data), upright.info);
  return new Uint8Array(await made.flatten({ background: WHITE }).jpeg({ quality }).toBuffer());
}

/** The middle of the picture, without `part` of it on every side. */
function inner({ width, height }: { readonly width: number; readonly height: number }, part: number) {
  const [left, top] = [Math.round(width * part), Math.round(height * part)];
  return { left, top, width: Math.max(1, width - 2 * left), height: Math.max(1, height - 2 * top) };
}

function border({ width, height }: { readonly width: number; readonly height: number }) {
  const wide = Math.max(1, Math.round(Math.min(width, height) * 0.06));
  return { top: wide, bottom: wide, left: wide, right: wide };
}

/** Words across the middle, a fifth of the height, half transparent. */
function watermark({ width, height }: { readonly width: number; readonly height: number }): Buffer {
  const size = Math.round(Math.min(width, height) / 5);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
      <text x="50%" y="55%" text-anchor="middle" font-family="sans-serif" font-weight="bold" font-size="${size}"
        textLength="${Math.round(width * 0.9)}" fill="white" fill-opacity="0.6" stroke="black" stroke-opacity="0.4"
        transform="rotate(-20 ${width / 2} ${height / 2})">SAMPLE</text></svg>`,
  );
}
