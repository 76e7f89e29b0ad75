/** Sends a bomb and a picture at the same time, and reports what both took. */
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { patiently } from '../soak/patience.ts';
import type { Bomb } from './bomb.ts';
import type { Target } from './target.ts';
import type { WasmBytes } from './wasm-bytes.ts';

/** Far above what any request may cost; the run does not wait longer. In requests with a 640×480 JPEG. */
export const MOST_WAITED_TIMES = 400;
/** Wall time, however busy the machine is. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 100;
/** Nothing bounds the Worker's memory here. The run stops at this much, because a swapping machine measures nothing. */
const MOST_RESIDENT_MIB = 2048;
/** By then the bomb's body has arrived and its work has begun, and the ordinary picture is sent. */
const HEAD_START_MS = 40;
/** Allows for the sender's own time, because a repeated body does not become smaller. */
const GZIP_LEVEL = 1;

export interface Taken {
  readonly sentBytes: number;
  /** 0 if there was no answer in time. */
  readonly status: number;
  readonly code: string;
  readonly cpuMs: number;
  readonly milliseconds: number;
  /** Peak resident memory above its value before. */
  readonly peakMiB: number;
  readonly residentMiB: number;
  readonly memory: WasmBytes | undefined;
  /** For the ordinary picture: what was wrong with the answer, and when it arrived. */
  readonly beside: { readonly wrong: string | undefined; readonly milliseconds: number };
}

export interface Photo {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Its answer when nothing else runs. */
  readonly text: string;
  /** CPU of a request with it, in milliseconds. */
  readonly cpuMs: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly memory: WasmBytes | undefined;
  readonly milliseconds: number;
}

export async function measure(
  target: Target,
  bomb: Bomb,
  bytes: Uint8Array,
  isGzipped: boolean,
  photo: Photo,
): Promise<Taken> {
  const body = Uint8Array.from(isGzipped ? gzipSync(bytes, { level: GZIP_LEVEL }) : bytes);
  const resident = target.residentMiB();
  target.resetPeak();
  const cpu = target.cpuMs();
  const patience = new AbortController();
  const timer = setInterval(() => {
    if (target.cpuMs() - cpu > MOST_WAITED_TIMES * photo.cpuMs) patience.abort();
    if (target.residentMiB() > MOST_RESIDENT_MIB) patience.abort();
  }, LOOK_EVERY_MS);
  const [answer, beside] = await Promise.all([
    send(target.url, bomb, body, isGzipped ? 'gzip' : bomb.coding, patience.signal),
    wait(HEAD_START_MS).then(() => classify(target.url, photo.bytes, patience.signal)),
  ]).finally(() => clearInterval(timer));
  return {
    sentBytes: body.length,
    status: answer?.status ?? 0,
    code: answer === undefined ? '' : codeIn(answer.text),
    cpuMs: Math.max(0, target.cpuMs() - cpu - photo.cpuMs),
    milliseconds: answer?.milliseconds ?? PATIENCE_MS,
    peakMiB: target.peakMiB() - resident,
    residentMiB: target.residentMiB(),
    memory: answer?.memory ?? beside?.memory,
    beside: { wrong: wrongWith(beside, photo), milliseconds: beside?.milliseconds ?? PATIENCE_MS },
  };
}

/** @returns undefined if there is none in time. */
export async function classify(
  url: string,
  body: Uint8Array<ArrayBuffer>,
  signal?: AbortSignal,
): Promise<Answer | undefined> {
  return answerOf(() => fetch(`${url}/v1/classify`, { method: 'POST', body, signal: patience(signal) }));
}

function send(
  url: string,
  { path = '/v1/classify', contentType, accept }: Bomb,
  body: Uint8Array<ArrayBuffer>,
  coding: string | undefined,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const headers = {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(accept === undefined ? {} : { accept }),
    ...(coding === undefined ? {} : { 'content-encoding': coding }),
  };
  return answerOf(() => fetch(url + path, { method: 'POST', headers, body, signal: patience(signal) }));
}

function patience(signal?: AbortSignal): AbortSignal {
  return AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(signal === undefined ? [] : [signal])]);
}

async function answerOf(send: () => Promise<Response>): Promise<Answer | undefined> {
  const begin = performance.now();
  try {
    const response = await patiently(send);
    const text = await response.text();
    const memory = response.headers.get('x-memory');
    return {
      status: response.status,
      text,
      // Written by `worker.ts`.
      memory: memory === null ? undefined : (JSON.parse(memory) as WasmBytes),
      milliseconds: performance.now() - begin,
    };
  } catch (error) {
    if (error instanceof Error && /^(?:Timeout|Abort)Error$/.test(error.name)) return undefined;
    // If a body is refused before it has been read, the sender's connection is closed.
    if (error instanceof TypeError) {
      return {
        status: 499,
        text: String(error.cause ?? error),
        memory: undefined,
        milliseconds: performance.now() - begin,
      };
    }
    throw error;
  }
}

function codeIn(text: string): string {
  return /"code":"([a-z_]+)"/.exec(text)?.[1] ?? '';
}

function wrongWith(answer: Answer | undefined, { text }: Photo): string | undefined {
  if (answer === undefined) return 'no answer';
  if (answer.text === text) return undefined;
  return `${answer.status} ${answer.text.slice(0, 100)}`;
}
