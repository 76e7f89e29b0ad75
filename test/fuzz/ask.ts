/** Sends one file to the native API, and checks the answer for faults that no file may cause. */
import { z } from 'zod';
import { patiently } from '../soak/patience.ts';

/** A slower request is a failure: a Worker gets seconds of CPU, and callers wait no longer. */
export const SLOWEST_MILLISECONDS = 5_000;
/** After this time the isolate counts as dead. */
const DEAD_MILLISECONDS = 30_000;

const answerSchema = z.looseObject({
  predictions: z.array(z.looseObject({ label: z.string(), score: z.number().min(0).max(1) })).min(1),
});
const problemSchema = z.looseObject({ code: z.string(), detail: z.string(), status: z.number() });

export interface Answer {
  readonly status: number;
  /** The problem's code; empty if there is an answer. */
  readonly code: string;
  readonly detail: string;
  /** The first prediction's label; empty if there is a problem. */
  readonly label: string;
  /** The answer without what differs every time. */
  readonly body: unknown;
  readonly milliseconds: number;
}

/** @throws if there is no answer, or one that is neither a classification nor a problem. */
export async function ask(url: string, bytes: Uint8Array, contentType?: string): Promise<Answer> {
  const begin = performance.now();
  const response = await patiently(() =>
    fetch(`${url}/v1/classify`, {
      method: 'POST',
      body: Uint8Array.from(bytes),
      headers: contentType === undefined ? {} : { 'content-type': contentType },
      signal: AbortSignal.timeout(DEAD_MILLISECONDS),
    }),
  );
  const text = await response.text();
  const milliseconds = performance.now() - begin;
  const { status } = response;
  if (status >= 500)
    return { status, code: '', detail: text.slice(0, 300), label: '', body: text, milliseconds };
  const body: unknown = JSON.parse(text);
  if (status === 200) {
    const { predictions } = answerSchema.parse(body);
    return { status, code: '', detail: '', label: predictions[0]?.label ?? '', body, milliseconds };
  }
  const { code, detail, ...rest } = problemSchema.parse(body);
  if (rest.status !== status) throw new Error(`a problem of status ${rest.status} came as ${status}`);
  return { status, code, detail, label: '', body: { code, detail }, milliseconds };
}

/** Statuses that blame the file. */
const REFUSALS = [413, 415, 422];

/** @returns undefined if some file may get this answer. */
export function faultOf({ status, code, detail, milliseconds }: Answer): string | undefined {
  if (milliseconds > SLOWEST_MILLISECONDS) return `took ${Math.round(milliseconds)} ms`;
  // A file that begins with a brace is taken for JSON.
  const isRefusal = REFUSALS.includes(status) || (status === 400 && code === 'json_invalid');
  return status === 200 || isRefusal ? undefined : `answered ${status} ${code}: ${detail}`;
}
