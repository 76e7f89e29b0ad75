/**
 * Sends files that pass every check before the decoder and then break it, followed by a valid photo.
 */
import { expect, it } from 'vitest';
import { createClassifier } from '../../src/classifier.ts';
import { createApp } from '../../src/http/app.ts';
import { createDecoder } from '../../src/image/decode.ts';
import { createPhotonDecoder } from '../../src/image/photon.ts';
import { PHOTON_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import { readSettings } from '../../src/settings.ts';
import { provided } from '../pictures/provided.ts';
import { network, post, service } from '../service.ts';

const MIB = 1024 * 1024;
const BODIES = 10_000;
/**
 * By how much the minimum of resident memory in the last third may exceed that of the third before: 25 kB per file,
 * half of the files' mean. When this file runs first, it was 5 to 84 MiB, and 460 MiB with 120 kB kept of each file:
 * see `test/memory-first.ts`.
 */
const RSS_SLACK_BYTES = 160 * MIB;
const WITNESS_EVERY = 200;

const SMALL = [
  'jpeg-420',
  'jpeg-progressive',
  'png-rgb8',
  'png-palette1',
  'webp-lossless',
  'gif',
  'bmp-24',
] as const;
/** Files that photon is tried with. */
const TO_PHOTON: ReadonlySet<string> = new Set<(typeof SMALL)[number]>(['png-rgb8', 'png-palette1', 'gif']);

/** Valid headers with broken data, on which every way fails in turn: small files, and files of megabytes. */
function brokenFiles(): { small: Uint8Array[]; large: Uint8Array[] } {
  const small = SMALL.map((encoding) => {
    const file = provided(`crossword.${encoding}`);
    const whole = Math.floor(file.byteLength * 0.7);
    // A truncated WebP is refused by its header.
    return encoding.startsWith('webp') ? file.slice().fill(0xff, whole) : file.subarray(0, whole);
  });
  const large = ['noise.jpeg-420', 'noise.png-rgb8', 'noise.bmp-24'].map((name) => {
    const file = provided(name);
    return file.subarray(0, file.byteLength - 4096);
  });
  return { small, large };
}

/** One in 100 is large: enough to show in memory, few enough to keep the test short. */
const LARGE_EVERY = 100;

/** The test process's resident memory according to the operating system; undefined if it cannot be read. */
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

  const resident: number[] = [];
  let peak = 0;
  for (let i = 0; i < BODIES; i++) {
    if (i % WITNESS_EVERY === 0) resident.push((await residentBytes()) ?? Number.NaN);
    const files = i % LARGE_EVERY === 0 ? large : small;
    const turn = i % LARGE_EVERY === 0 ? i / LARGE_EVERY : i;
    const response = await app.request('/v1/classify', post(files[turn % files.length] ?? new Uint8Array()));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'image_unreadable' });
    peak = Math.max(peak, decoder.stats().memoryBytes);
  }
  // In the first third code is warmed up, and the memories reach their working size.
  const third = Math.floor(resident.length / 3);
  const [before, after] = [resident.slice(third, -third), resident.slice(-third)].map((rss) =>
    Math.min(...rss),
  );
  const { traps, instances } = decoder.stats();
  console.log(
    `${traps} traps, ${instances} instances, photon at most ${(peak / MIB).toFixed(1)} MiB, ` +
      `resident ${((before ?? 0) / MIB).toFixed(0)} → ${((after ?? 0) / MIB).toFixed(0)} MiB`,
  );

  const toPhoton = Array.from(
    { length: BODIES },
    (_, i) => i % LARGE_EVERY !== 0 && TO_PHOTON.has(SMALL[i % SMALL.length] ?? ''),
  );
  expect(traps).toBe(toPhoton.filter(Boolean).length);
  expect(instances).toBe(Math.ceil(traps / 1000));
  expect(peak).toBeLessThan(PHOTON_MEMORY_BYTES);
  // Skipped if the operating system does not report it.
  const grown = (after ?? 0) - (before ?? 0);
  if (!Number.isNaN(grown)) expect(grown).toBeLessThan(RSS_SLACK_BYTES);

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
