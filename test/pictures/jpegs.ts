/**
 * Ordinary JPEGs of all kinds, each with a PNG of libjpeg-turbo's result.
 *
 * Their colours are so far from black and white that nothing is clipped: libjpeg clips every pixel, and our own
 * decoder, which has no colours before the resize, clips after it.
 */
import sharp from 'sharp';
import { codedJpeg, type JpegKind } from './coded-jpeg.ts';
import { draw } from './encode.ts';
import { BALLOON, type Size } from './scenes.ts';

/** Enlarged and reduced, with whole MCUs and without, and the smallest size. */
const SIZES: readonly Size[] = [
  { width: 333, height: 257 },
  { width: 640, height: 480 },
  { width: 250, height: 39 },
  { width: 16, height: 9 },
  { width: 10, height: 14 },
  { width: 1, height: 1 },
];
const SAMPLINGS = [
  [1, 1],
  [2, 1],
  [1, 2],
  [2, 2],
] as const;
const RESTARTS = [0, 1, 7];
/** Fine quantisation leaves coefficients in most positions, coarse in few. */
const STEPS = {
  fine: { step: () => 1, wideSteps: false },
  coarse: { step: (place: number) => 4 + 2 * place, wideSteps: false },
  wide: { step: (place: number) => (place < 10 ? 3 : 300), wideSteps: true },
};

const COMMON = { components: 3, across: 2, down: 2, restart: 0, ...STEPS.coarse } as const satisfies JpegKind;

/** Each file as `444.jpeg`, and libjpeg-turbo's result as `444.jpeg, by sharp`. */
export async function* ordinaryJpegs(): AsyncGenerator<readonly [name: string, file: Uint8Array]> {
  for (const size of SIZES) {
    const rgb = await muted(size);
    const named = (name: string) => `${size.width}×${size.height} ${name}.jpeg`;
    for (const [across, down] of SAMPLINGS) {
      for (const restart of size.width === 333 ? RESTARTS : [0]) {
        const name = named(`${across}×${down}, restarts ${restart}`);
        yield* both(name, codedJpeg(rgb, size, { ...COMMON, across, down, restart }));
      }
    }
    yield* both(
      named('grey'),
      codedJpeg(rgb, size, { ...COMMON, components: 1, across: 1, down: 1, restart: 2 }),
    );
    yield* both(named('grey of 2×2'), codedJpeg(rgb, size, { ...COMMON, components: 1 }));
  }
  for (const width of [3, 4, 5]) {
    const narrow = { width, height: 7 };
    yield* both(`${width}×7.jpeg`, codedJpeg(await muted(narrow), narrow, COMMON));
  }
  const noisy = { width: 320, height: 240 };
  yield* both(
    '320×240 many windows.jpeg',
    codedJpeg(noise(noisy), noisy, { ...COMMON, ...STEPS.fine, across: 1, down: 1, restart: 61 }),
  );
  const [size] = SIZES;
  if (size === undefined) return;
  const rgb = await muted(size);
  for (const [name, steps] of Object.entries(STEPS)) {
    yield* both(`steps ${name}.jpeg`, codedJpeg(rgb, size, { ...COMMON, across: 1, down: 1, ...steps }));
  }
  for (const quality of [20, 80, 100]) {
    for (const optimiseCoding of [true, false]) {
      const image = sharp(rgb, { raw: { ...size, channels: 3 } });
      const options = { quality, optimiseCoding, chromaSubsampling: '4:4:4' };
      const name = `quality ${quality}, ${optimiseCoding ? 'codes of its own' : 'standard codes'}.jpeg`;
      yield* both(name, new Uint8Array(await image.jpeg(options).toBuffer()));
    }
  }
}

/** Enough data in few pixels that the file is read in several pieces. */
function noise({ width, height }: Size): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: 3 * width * height }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 64 + (state >>> 25);
  });
}

async function muted(size: Size): Promise<Uint8Array> {
  return (await draw(BALLOON, size)).map((value) => 64 + (value >> 1));
}

async function* both(name: string, file: Uint8Array): AsyncGenerator<readonly [string, Uint8Array]> {
  yield [name, file];
  yield [`${name}, by sharp`, new Uint8Array(await sharp(file).png({ compressionLevel: 1 }).toBuffer())];
}
