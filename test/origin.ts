/**
 * The origins of pictures by URL: every host except the witness, on any port. The path says what the origin does,
 * whatever the host is, so a guard that lets `127.0.0.1` through gets a picture.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { picture } from './pictures/encode.ts';
import { CROSSWORD } from './pictures/scenes.ts';

/** A text that must not reach a caller. */
const SECRET = 'root:x:0:0';

/** Longer than any test waits, but not for ever, or the tests' end would wait for it. */
const LONG_MILLISECONDS = 4000;

/** The test pool compresses bodies whose headers say that they are compressed. */
const GZIP = { 'content-encoding': 'gzip' };

const asked: string[] = [];

/** The URLs that origins were asked for since the last call. */
export function askedOfOrigins(): string[] {
  return asked.splice(0);
}

export async function origin(href: string): Promise<Response> {
  asked.push(href);
  const url = new URL(href);
  const [, what = '', argument = ''] = url.pathname.split('/');
  switch (what) {
    case 'photo.jpg':
      return new Response(await photo(), { headers: { 'content-type': 'text/plain' } });
    case 'gzip':
      return new Response(await photo(), { headers: GZIP });
    case 'bomb':
      return new Response(new Uint8Array(1_000_000), { headers: GZIP });
    case 'status':
      return new Response(SECRET, { status: Number(argument) });
    case 'redirect': // …/redirect/3 redirects three times, then is the picture.
      return redirect(Number(argument) > 1 ? `/redirect/${Number(argument) - 1}` : '/photo.jpg');
    case 'to': // …/to/302?https://elsewhere
      return redirect(decodeURIComponent(url.search.slice(1)), Number(argument));
    case 'html':
      return new Response(`<!doctype html><title>${SECRET}</title>`, {
        headers: { 'content-type': 'image/jpeg' },
      });
    case 'empty':
      return new Response(null, { status: Number(argument) });
    case 'hang':
      await pause(LONG_MILLISECONDS);
      return new Response(null, { status: 204 });
    case 'trickle': // One byte a second.
      return new Response(every(1000, new Uint8Array([0xff])));
    case 'stall': // Half the picture, then nothing.
      return new Response(halfAndSilence(await photo()));
    case 'endless':
      return new Response(every(1, new Uint8Array(10_000)));
    case 'slow': // …/slow/300 is the picture after 300 ms.
      await together(() => pause(Number(argument)));
      return new Response(await photo());
    case 'padded': // …/padded/3 is the picture in a file of 3 MiB more.
      return new Response(new Blob([await photo(), new Uint8Array(Number(argument) * 2 ** 20)]));
    case 'says': // …/says/100 says it has 100 bytes, and sends the picture.
      return new Response(await photo(), { headers: { 'content-length': argument } });
    default:
      return new Response('no such picture', { status: 404 });
  }
}

let [busy, mostBusy] = [0, 0];

/** The highest number of slow requests in progress at once since the last call. */
export function mostAtOnce(): number {
  const most = mostBusy;
  mostBusy = busy;
  return most;
}

async function together(wait: () => Promise<void>): Promise<void> {
  mostBusy = Math.max(mostBusy, ++busy);
  await wait();
  busy--;
}

function photo(): Promise<Uint8Array<ArrayBuffer>> {
  return picture(CROSSWORD, 'jpeg-420', { width: 320, height: 240 }).then((file) => new Uint8Array(file));
}

function redirect(location: string, status = 302): Response {
  return new Response(SECRET, { status, headers: { location } });
}

/** Repeats the chunk until no caller can be waiting for it. */
function every(milliseconds: number, chunk: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  const end = Date.now() + LONG_MILLISECONDS;
  return new ReadableStream({
    async pull(controller) {
      if (Date.now() > end) return controller.close();
      controller.enqueue(chunk);
      await pause(milliseconds);
    },
  });
}

function halfAndSilence(file: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(file.subarray(0, file.byteLength / 2)),
    async pull(controller) {
      await pause(LONG_MILLISECONDS);
      controller.close();
    },
  });
}
