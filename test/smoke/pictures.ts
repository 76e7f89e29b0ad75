/**
 * Drawn pictures of every format, and large ones: where memory is really limited, these test the account.
 */
import assert from 'node:assert/strict';
import sharp from 'sharp';
import type { Client } from '../../client/client.ts';
import type { Checks } from '../conformance/report.ts';
import { draw, type Encoding, encode } from '../pictures/encode.ts';
import { HEIC_CLOCK } from '../pictures/heic.ts';
import { DIGITAL_CLOCK, type Size } from '../pictures/scenes.ts';

const LABEL = 'digital clock';
const SMALL = { width: 640, height: 480 };
const ENCODINGS: readonly Encoding[] = [
  'jpeg-420',
  'jpeg-progressive',
  'png-rgba8',
  'webp-lossy',
  'gif',
  'bmp-24',
];

/** As phones and cameras write them. */
const LARGE: readonly (readonly [encoding: Encoding, size: Size])[] = [
  ['jpeg-420', { width: 4000, height: 3000 }],
  ['jpeg-420', { width: 8000, height: 6000 }],
  ['jpeg-progressive', { width: 4000, height: 3000 }],
  ['png-rgb8', { width: 3264, height: 2448 }],
];

export async function pictureChecks(client: Client): Promise<Checks> {
  const rgb = await draw(DIGITAL_CLOCK, SMALL);
  const raw = sharp(rgb, { raw: { ...SMALL, channels: 3 } });
  const files: [string, () => Promise<Uint8Array>][] = [
    ...ENCODINGS.map((encoding): [string, () => Promise<Uint8Array>] => [
      encoding,
      () => encode(rgb, encoding, SMALL),
    ]),
    ['tiff', () => raw.clone().tiff().toBuffer()],
    ['avif', () => raw.clone().avif({ effort: 0 }).toBuffer()],
    ['heic', async () => HEIC_CLOCK],
    ...LARGE.map(([encoding, size]): [string, () => Promise<Uint8Array>] => [
      `${encoding}, ${((size.width * size.height) / 1e6).toFixed(0)} megapixels`,
      async () => encode(await draw(DIGITAL_CLOCK, size), encoding, size),
    ]),
  ];
  return {
    ...Object.fromEntries(
      files.map(([name, file]) => [
        `it names what is in a picture: ${name}`,
        async () => {
          const { predictions } = await client.classify(await file(), { top_k: 1 });
          assert.equal(predictions[0]?.label, LABEL);
        },
      ]),
    ),
    'the same picture has the same embedding in another file': async () => {
      const files = [await encode(rgb, 'png-rgb8', SMALL), await encode(rgb, 'bmp-24', SMALL)];
      const [one, other] = await Promise.all(files.map((file) => client.embed(file, { normalize: true })));
      const cosine = one?.embedding.reduce((sum, value, i) => sum + value * (other?.embedding[i] ?? 0), 0);
      assert.ok(cosine !== undefined && cosine > 0.9999, `cosine ${cosine}`);
    },
    'a bad picture in a batch fails alone': async () => {
      const batch = [await encode(rgb, 'jpeg-420', SMALL), new TextEncoder().encode('no picture')];
      const items = await Array.fromAsync(client.batch(batch, { top_k: 1 }));
      const [good, bad] = items;
      assert.equal(good?.ok && good.result.predictions[0]?.label, LABEL);
      assert.equal(bad?.ok === false && bad.problem.code, 'image_format_unsupported');
    },
  };
}
