/**
 * A stream of files that pass every check before the decoder and then break it, and a good photo after it.
 */
import { expect, it } from 'vitest';
import { createClassifier } from '../../src/classifier.ts';
import { createApp } from '../../src/http/app.ts';
import { PHOTON_MEMORY_BYTES } from '../../src/image/account/photon-cost.ts';
import { createDecoder } from '../../src/image/decode.ts';
import { createPhotonDecoder } from '../../src/image/photon.ts';
import { readSettings } from '../../src/settings.ts';
import { provided } from '../pictures/provided.ts';
import { network, post, service } from '../service.ts';

const MIB = 1024 * 1024;
const BODIES = 10_000;
/** What may lie about uncollected in V8's heap: request bodies, mostly. The witness saw 40–90 MiB. */
const RSS_SLACK_BYTES = 160 * MIB;

/** Valid headers, broken data: small files, which photon takes, or our own decoder; and files of megabytes, for magick. */
function brokenFiles(): { small: Uint8Array[]; large: Uint8Array[] } {
  const encodings = [
    'jpeg-420',
    'jpeg-progressive',
    'png-rgb8',
    'png-palette1',
    'webp-lossless',
    'gif',
    'bmp-24',
  ];
  const small = encodings.map((encoding) => {
    const file = provided(`crossword.${encoding}`);
    const whole = Math.floor(file.byteLength * 0.7);
    // A WebP that ends early is refused by its header.
    return encoding.startsWith('webp') ? file.slice().fill(0xff, whole) : file.subarray(0, whole);
  });
  const large = ['noise.jpeg-420', 'noise.png-rgb8', 'noise.bmp-24'].map((name) => {
    const file = provided(name);
    return file.subarray(0, file.byteLength - 4096);
  });
  return { small, large };
}

/** One in 100 is large: enough that memory would show, few enough that the test stays short. */
const LARGE_EVERY = 100;

/** The test process's resident memory as the operating system sees it; undefined where it cannot be told. */
async function residentBytes(): Promise<number | undefined> {
  const answer = await fetch('http://witness.test/rss');
  return answer.ok ? Number(await answer.text()) : undefined;
}

it(`survives ${BODIES} files that break the decoders`, { timeout: 300_000 }, async () => {
  const decoder = createPhotonDecoder();
  const app = createApp(
    readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '0' }),
    createClassifier(createDecoder(decoder), network),
  );
  const { small, large } = brokenFiles();
  expect(Math.max(...large.map(({ byteLength }) => byteLength))).toBeGreaterThan(2 * MIB);

  let before: number | undefined;
  let peak = 0;
  for (let i = 0; i < BODIES; i++) {
    // The first rounds warm the code up and let the memories reach their working size.
    if (i === 2000) before = await residentBytes();
    const files = i % LARGE_EVERY === 0 ? large : small;
    const turn = i % LARGE_EVERY === 0 ? i / LARGE_EVERY : i;
    const response = await app.request('/v1/classify', post(files[turn % files.length] ?? new Uint8Array()));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'image_unreadable' });
    peak = Math.max(peak, decoder.stats().memoryBytes);
  }
  const after = await residentBytes();
  const { traps, instances } = decoder.stats();
  console.log(
    `${traps} traps, ${instances} instances, photon at most ${(peak / MIB).toFixed(1)} MiB, ` +
      `resident ${((before ?? 0) / MIB).toFixed(0)} → ${((after ?? 0) / MIB).toFixed(0)} MiB`,
  );

  const toPhoton = Array.from({ length: BODIES }, (_, i) => i % LARGE_EVERY !== 0 && i % small.length !== 0);
  expect(traps).toBe(toPhoton.filter(Boolean).length);
  expect(instances).toBe(Math.ceil(traps / 1000));
  expect(peak).toBeLessThan(PHOTON_MEMORY_BYTES);
  if (before !== undefined && after !== undefined) expect(after - before).toBeLessThan(RSS_SLACK_BYTES);

  const good = await app.request('/v1/classify', post(provided('spider-web.jpeg-420')));
  expect(good.status).toBe(200);
  expect(await good.json()).toMatchObject({ predictions: [{ label: 'spider web' }, {}, {}, {}, {}] });
});

it.each([0.3, 0.6, 0.9])(
  'refuses %d of a large JPEG, of which the other decoder would make a picture',
  async (part) => {
    const file = provided('noise.jpeg-420');
    const response = await service().request('/v1/classify', post(file.subarray(0, file.byteLength * part)));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'image_unreadable' });
    expect((await service().request('/v1/classify', post(file))).status).toBe(200);
  },
);
