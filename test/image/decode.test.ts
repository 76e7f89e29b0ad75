/** Large pictures, and those that only the second decoder reads, through the whole Worker. */
import { describe, expect, it } from 'vitest';
import type { CodedPicture } from '../../src/image/heif/container.ts';
import { JPEG_MEMORY_BYTES, MAGICK_MEMORY_BYTES, PHOTON_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import { areaLimits } from '../../src/image/ways/limits.ts';
import { runtimeMemoryBytes } from '../../src/inference/runtime.ts';
import { HEIC_CLOCK } from '../pictures/heic.ts';
import { provided } from '../pictures/provided.ts';
import { decoder, post, service } from '../service.ts';
import { irot, ispe } from './boxes.ts';
import { bytesOf, le32, riff, vp8x } from './headers.ts';
import { fileOf, heifOf, single } from './heif-files.ts';
import { tiledPicture } from './tiled.ts';

/** Bytes that everything together may take: 110 MB, including a body of the largest size. */
const ISOLATE_BYTES = 110e6;
const BODY_BYTES = 20 * 2 ** 20;
/** The saved state of magick's memory, kept in V8's memory. */
const KEPT_BYTES = 4 * 2 ** 20;

const app = service();

async function classify(bytes: Uint8Array): Promise<{ status: number; body: unknown }> {
  const response = await app.request('/v1/classify', post(bytes));
  return { status: response.status, body: await response.json() };
}

/** Wasm memory never shrinks: its size after a picture is its peak. */
function expectWithinAccount(): void {
  const { photon, jpegBytes, magickBytes } = decoder.stats();
  expect(jpegBytes).toBeLessThanOrEqual(JPEG_MEMORY_BYTES);
  expect(photon.memoryBytes).toBeLessThanOrEqual(PHOTON_MEMORY_BYTES);
  expect(magickBytes).toBeLessThanOrEqual(MAGICK_MEMORY_BYTES);
  const wasmBytes = runtimeMemoryBytes() + photon.memoryBytes + jpegBytes + magickBytes;
  expect(wasmBytes + BODY_BYTES + KEPT_BYTES).toBeLessThan(ISOLATE_BYTES);
}

function clock(image: Record<string, unknown>) {
  return { status: 200, body: { predictions: [{ label: 'digital clock' }, {}, {}, {}, {}], image } };
}

describe('large pictures', () => {
  it.each([
    ['12mp.jpeg-420', { format: 'jpeg', width: 4000, height: 3000 }],
    ['48mp.jpeg-420', { format: 'jpeg', width: 8000, height: 6000 }],
    ['12mp.jpeg-progressive', { format: 'jpeg', width: 4000, height: 3000 }],
    ['24mp.jpeg-progressive', { format: 'jpeg', width: 5664, height: 4248 }],
    ['8mp.png-rgb8', { format: 'png', width: 3264, height: 2448 }],
    ['2mp.jpeg-grey', { format: 'jpeg', width: 1633, height: 1225 }],
    ['2mp.jpeg-cmyk', { format: 'jpeg', width: 1632, height: 1224 }],
    ['2mp.png-rgba8', { format: 'png', width: 1632, height: 1224 }],
    ['2mp.webp-lossy', { format: 'webp', width: 1632, height: 1224 }],
    ['2mp.webp-lossless', { format: 'webp', width: 1632, height: 1224 }],
    ['8mp.webp-lossy', { format: 'webp', width: 3264, height: 2448 }],
    ['8mp.webp-alpha', { format: 'webp', width: 3264, height: 2448 }],
    ['8mp.webp-lossless', { format: 'webp', width: 3264, height: 2448 }],
    ['2mp.gif', { format: 'gif', width: 1632, height: 1224 }],
    ['3mp.avif', { format: 'avif', width: 2048, height: 1536 }],
    ['4mp.avif-444', { format: 'avif', width: 2310, height: 1732 }],
    ['4mp.avif-420', { format: 'avif', width: 2310, height: 1732 }],
    ['8mp.avif-420', { format: 'avif', width: 3264, height: 2448 }],
    ['1mp.avif', { format: 'avif', width: 1168, height: 876 }],
  ])('are classified within the account: %s', async (name, image) => {
    const { body, ...answer } = await classify(provided(name));
    expect({ ...answer, body }).toMatchObject(clock(image));
    expect(body).not.toHaveProperty('image.preview');
    expectWithinAccount();
    // A small picture after it: photon's.
    expect(await classify(provided('crossword.png-rgb8'))).toMatchObject({ status: 200 });
  });

  it('as the first frame of an animation are classified too', async () => {
    const size = { width: 3264, height: 2448 };
    const { body, ...answer } = await classify(animationOf(provided('8mp.webp-lossy'), size));
    expect({ ...answer, body }).toMatchObject(clock({ format: 'webp', ...size, animated: true }));
    expectWithinAccount();
  });

  it('over the limit are refused from their headers, whatever is behind', async () => {
    const before = decoder.stats();
    const refused = { status: 422, body: { code: 'image_area_too_large' } };
    const avif = (name: string, width: number, height: number) =>
      classify(heifOf({ ...single(provided(name)), width, height }, []));
    expect(await avif('small.avif-420', 6000, 4000)).toMatchObject(refused);
    expect(await avif('small.avif-444', 4000, 3000)).toMatchObject(refused);
    // The other decoder's, which holds less.
    expect(await avif('small.avif-10-bit', 1920, 1080)).toMatchObject(refused);
    expect(await classify(pngOf(6000, 4200))).toMatchObject(refused);
    expect(await classify(pngOf(65_501, 1))).toMatchObject({ body: { code: 'image_side_too_long' } });
    expect(decoder.stats()).toEqual(before);
    expect(areaLimits().avif).toBeLessThan(6000 * 4000);
  });
});

/** The chunks of a simple WebP as the only frame of an animation. */
function animationOf(webp: Uint8Array, { width, height }: { width: number; height: number }): Uint8Array {
  const chunks = webp.subarray(12);
  const sides = [width, height].flatMap((side) => [(side - 1) & 0xff, (side - 1) >> 8, 0]);
  const frame = bytesOf('ANMF', le32(16 + chunks.length), [0, 0, 0, 0, 0, 0], sides, [0, 0, 0, 0], chunks);
  return riff(vp8x(width, height, 0x02), frame);
}

/** IHDR and the beginning of IDAT: all that is read of a PNG before it is decoded. */
function pngOf(width: number, height: number): Uint8Array {
  const bytes = provided('crossword.png-rgb8').slice();
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

describe('HEIC and AVIF', () => {
  it('HEIC is read', async () => {
    expect(await classify(HEIC_CLOCK)).toMatchObject(clock({ format: 'heic', width: 320, height: 240 }));
  });

  it('a picture as phones write it, too large at once, is taken from its thumbnail', async () => {
    const phone = phonePicture({ width: 4032, height: 3024 }, single(HEIC_CLOCK), []);
    const answer = await classify(phone);
    expect(answer).toMatchObject(clock({ format: 'heic', width: 4032, height: 3024, preview: true }));
    expectWithinAccount();
  });

  it('and turned as the picture is', async () => {
    // Three turns to the left: upright after one turn to the right.
    const upright = await classify(phonePicture({ width: 4032, height: 3024 }, single(HEIC_CLOCK), []));
    const turned = await classify(phonePicture({ width: 4032, height: 3024 }, single(HEIC_CLOCK), [irot(3)]));
    expect(turned).toMatchObject({
      status: 200,
      body: { image: { width: 3024, height: 4032, orientation: 6, preview: true } },
    });
    expect(scoreOf(turned.body)).not.toBe(scoreOf(upright.body));
  });

  it('is turned once, not twice, when it is decoded as a whole', async () => {
    const picture = single(HEIC_CLOCK);
    const answer = await classify(heifOf(picture, [irot(2)]));
    expect(answer).toMatchObject({ status: 200, body: { image: { orientation: 3 } } });
    // The same clock upside down, by the other way.
    const other = await classify(phonePicture({ width: 4032, height: 3024 }, picture, [irot(2)]));
    expect(scoreOf(answer.body)).toBeCloseTo(scoreOf(other.body), 3);
  });

  it('is put together from its tiles where they fit, though it has a thumbnail', async () => {
    const answer = await classify(tiledPicture());
    expect(answer).toMatchObject(clock({ format: 'avif', width: 2000, height: 1500 }));
    expect(answer.body).not.toHaveProperty('image.preview');
    expectWithinAccount();
  });

  it('with a broken tile is refused', async () => {
    const broken = tiledPicture();
    broken.fill(0, broken.length - 900);
    expect(await classify(broken)).toMatchObject({ status: 422, body: { code: 'image_unreadable' } });
  });
});

function scoreOf(body: unknown): number {
  return (body as { predictions: readonly { score: number }[] }).predictions[0]?.score ?? Number.NaN;
}

/** A picture of which only the thumbnail is real. */
function phonePicture(
  { width, height }: { width: number; height: number },
  thumbnail: CodedPicture,
  more: readonly Uint8Array[],
): Uint8Array {
  const { configuration, data } = thumbnail;
  return fileOf(
    'heic',
    [
      {
        id: 1,
        type: 'hvc1',
        properties: [configuration, ispe(width, height), ...more],
        coded: bytesOf(1, 2, 3),
      },
      { id: 2, type: 'hvc1', properties: [configuration, ispe(320, 240), ...more], coded: data },
    ],
    [['thmb', 2, 1]],
  );
}
