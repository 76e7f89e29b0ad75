/**
 * Faults of our own parts, injected at the seams of `createNetwork` and `createDecoder`, with everything else real, and
 * what callers see of them. `url.test.ts` has origins that fail, `callers-gone.test.ts` callers that disconnect.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Classification } from '../../src/answer.ts';
import { createClassifier } from '../../src/classifier.ts';
import { createApp } from '../../src/http/app.ts';
import type { BatchLine } from '../../src/http/routes/batch.ts';
import { createDecoder } from '../../src/image/decode.ts';
import { createPhotonDecoder } from '../../src/image/photon.ts';
import { createNetwork } from '../../src/inference/network.ts';
import { readSettings } from '../../src/settings.ts';
import { provided } from '../pictures/provided.ts';
import { decoder, network, post, runtime } from '../service.ts';

const settings = readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '0' });
const clock = provided('digital-clock.jpeg-420');
const web = provided('spider-web.jpeg-420');
const SECRET = 'aborted(OOM) at 0x1234';

let logged: string[] = [];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, 'error').mockImplementation((...values) => void logged.push(values.join(' ')));
});
afterEach(() => vi.restoreAllMocks());

describe('the runtime does not start at once', () => {
  /** @param gate what the first attempt waits for before it fails. */
  function failingOnce(gate: Promise<void> = Promise.resolve()) {
    let tries = 0;
    const flaky = createNetwork(async () => {
      if (++tries > 1) return runtime();
      await gate;
      throw new Error(SECRET);
    });
    return { app: createApp(settings, createClassifier(decoder, flaky)), tries: () => tries };
  }

  async function seesGenericText(response: Response): Promise<void> {
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain('OOM');
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', request_id: expect.any(String) });
  }

  it.each([
    ['a picture', '/v1/classify', () => post(clock)],
    ['a batch', '/v1/batch', () => post(JSON.stringify({ images: [clock.toBase64()] }))],
    ['lines', '/v1/batch', () => post(form(clock), { accept: 'application/x-ndjson' })],
    ['Hugging Face', '/hf', () => post(clock)],
    ['warming', '/healthz?ready=1', () => ({})],
  ])('%s: 500 with a text that tells nothing, and the next is answered', async (_name, path, init) => {
    const { app, tries } = failingOnce();
    await seesGenericText(await app.request(path, init()));
    expect(logged.join('\n')).toContain(SECRET);
    const next = await app.request('/v1/classify', post(clock));
    expect(next.status).toBe(200);
    expect((await next.json<Classification>()).predictions[0]?.label).toBe('digital clock');
    expect(tries()).toBe(2);
  });

  it('three at once share the failure, and the three after them the runtime', async () => {
    const gate = Promise.withResolvers<void>();
    const { app, tries } = failingOnce(gate.promise);
    const three = [clock, web, clock].map((photo) => app.request('/v1/classify', post(photo)));
    await scheduler.wait(200);
    gate.resolve();
    for (const response of await Promise.all(three)) await seesGenericText(response);
    const after = await Promise.all(
      [clock, web, clock].map((photo) => app.request('/v1/classify', post(photo))),
    );
    const answers = await Promise.all(after.map((response) => response.json<Classification>()));
    expect(answers.map(({ predictions }) => predictions[0]?.label)).toEqual([
      'digital clock',
      'spider web',
      'digital clock',
    ]);
    expect(tries()).toBe(2);
  });
});

describe('a decoder breaks in mid-batch', () => {
  /** The header is valid, so the decoder finds the damage: photon by a trap, the other by an exception. */
  const png = provided('crossword.png-rgb8');
  const trapping = png.subarray(0, png.byteLength * 0.7);
  const noise = provided('noise.jpeg-420');
  const throwing = noise.subarray(0, noise.byteLength * 0.6);

  it.each([
    ['a form', () => post(form(clock, trapping, web, throwing, clock))],
    [
      'JSON',
      () =>
        post(JSON.stringify({ images: [clock, trapping, web, throwing, clock].map((x) => x.toBase64()) })),
    ],
    ['lines', () => post(form(clock, trapping, web, throwing, clock), { accept: 'application/x-ndjson' })],
  ])('%s: those pictures fail alone, and the others are what they are alone', async (_name, init) => {
    const photon = createPhotonDecoder();
    const app = createApp(settings, createClassifier(createDecoder(photon), network));
    const [clockAlone, webAlone] = await Promise.all(
      [clock, web].map(async (photo) => (await app.request('/v1/classify', post(photo))).json()),
    );
    const response = await app.request('/v1/batch', init());
    expect(response.status).toBe(200);
    const lines = linesOf(await response.text());
    expect(lines.map((line) => ('result' in line ? line.result : line.error.code))).toEqual([
      clockAlone,
      'image_unreadable',
      webAlone,
      'image_unreadable',
      clockAlone,
    ]);
    expect(photon.stats().traps).toBe(1);
    expect((await app.request('/v1/classify', post(web))).status).toBe(200);
  });
});

function form(...files: readonly Uint8Array[]): FormData {
  const data = new FormData();
  for (const file of files) data.append('image', new File([file], 'photo'));
  return data;
}

function linesOf(text: string): readonly BatchLine[] {
  if (text.startsWith('{"results"')) return JSON.parse(text).results;
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
