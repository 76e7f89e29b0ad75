/**
 * Callers that disconnect: work that has not begun is not begun, and requests that wait stop waiting.
 *
 * The signal is passed to the request here. `test/wire/` checks when a real connection triggers it.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { createApp, inFlightOf } from '../../src/http/app.ts';
import { readSettings } from '../../src/settings.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post } from '../service.ts';

const photo = provided('golf-ball.jpeg-420');
const LINES = { accept: 'application/x-ndjson' };

/**
 * A Worker that counts classifications, and whose caller disconnects after the first one, or when `leave` is called.
 */
function worker({ leaveAfterLook }: { leaveAfterLook: boolean } = { leaveAfterLook: false }) {
  const settings = readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '0', URL_HOSTS: 'photos.test' });
  const inFlight = inFlightOf(settings);
  const gone = new AbortController();
  let looks = 0;
  const app = createApp(
    settings,
    {
      ...classifier,
      async see(bytes) {
        looks++;
        if (leaveAfterLook) gone.abort();
        return classifier.see(bytes);
      },
    },
    inFlight,
  );
  const ask = async (path: string, init: RequestInit): Promise<Response> =>
    app.request(new Request(`https://example.com${path}`, { ...init, signal: gone.signal }));
  return { inFlight, ask, leave: () => gone.abort(), looks: () => looks };
}

function urls(...paths: readonly string[]): string {
  return JSON.stringify({ images: paths.map((path) => ({ url: `https://photos.test/${path}` })) });
}

function form(count: number): FormData {
  const data = new FormData();
  for (let i = 0; i < count; i++) data.append('image', new File([photo], 'photo'));
  return data;
}

async function asked(): Promise<string[]> {
  return (await fetch('http://witness.test/asked')).json();
}

beforeEach(asked);

describe('a caller who goes away', () => {
  it.each([
    ['a form', form(5)],
    ['JSON', JSON.stringify({ images: Array(5).fill(photo.toBase64()) })],
    ['URLs', urls(...Array<string>(5).fill('photo.jpg'))],
  ])('in the midst of a batch as %s: the rest is not looked at', async (_name, body) => {
    const { ask, looks, inFlight } = worker({ leaveAfterLook: true });
    const response = await ask('/v1/batch', post(body));
    expect(await response.json()).toMatchObject({ code: 'caller_gone' });
    expect(looks()).toBe(1);
    expect(inFlight.bytes()).toBe(0);
  });

  it.each([
    ['that hangs', 'hang'],
    ['that stalls in the middle', 'stall'],
  ])('while a URL is fetched %s: the fetch ends with it', async (_name, path) => {
    const { ask, leave, looks, inFlight } = worker();
    const start = Date.now();
    const pending = ask(`/v1/classify?url=https://photos.test/${path}`, {});
    await scheduler.wait(300);
    leave();
    expect(await (await pending).json()).toMatchObject({ code: 'caller_gone' });
    expect(Date.now() - start).toBeLessThan(3500);
    expect(looks()).toBe(0);
    expect(inFlight.bytes()).toBe(0);
  });

  it('while the URLs of a batch are fetched: no more are', async () => {
    const { ask, leave, inFlight } = worker();
    const pending = ask('/v1/batch', post(urls(...Array<string>(20).fill('hang'))));
    await scheduler.wait(300);
    leave();
    expect(await (await pending).json()).toMatchObject({ code: 'caller_gone' });
    await scheduler.wait(100);
    expect((await asked()).length).toBeLessThanOrEqual(4);
    expect(inFlight.bytes()).toBe(0);
  });

  it('in the midst of lines: nothing is fetched or looked at any more, and no time-out is waited for', async () => {
    const { ask, looks, inFlight } = worker();
    const hanging = Array<string>(8).fill('hang');
    const response = await ask('/v1/batch', post(urls('photo.jpg', ...hanging), LINES));
    const reader = response.body?.getReader();
    await reader?.read();
    // The second line is in progress: its URL hangs.
    await scheduler.wait(100);
    const start = Date.now();
    await reader?.cancel();
    expect(Date.now() - start).toBeLessThan(1000);
    await scheduler.wait(100);
    expect(looks()).toBe(1);
    expect((await asked()).length).toBeLessThanOrEqual(5);
    expect(inFlight.bytes()).toBe(0);
  });

  it('in the midst of lines of a form: what follows is not looked at', async () => {
    const { ask, looks, inFlight } = worker();
    const response = await ask('/v1/batch', post(form(20), LINES));
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    await scheduler.wait(200);
    expect(looks()).toBeLessThanOrEqual(3);
    expect(inFlight.bytes()).toBe(0);
  });
});
