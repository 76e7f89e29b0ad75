/** An answer without what differs every time. */
import { patiently } from './patience.ts';
import type { Call } from './traffic.ts';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly milliseconds: number;
}

/** A connection that hangs for this long is a failure. */
const TIMEOUT_MILLISECONDS = 60_000;

const REQUEST_ID = /"request_id":"[^"]*"/g;

/** @throws if there is no answer. */
export async function answerTo(url: string, { path, headers, body }: Call): Promise<Answer> {
  const begin = performance.now();
  const response = await patiently(() =>
    fetch(url + path, {
      method: 'POST',
      headers,
      body: body(),
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    }),
  );
  const text = (await response.text()).replaceAll(REQUEST_ID, '"request_id":""');
  return { status: response.status, text, milliseconds: performance.now() - begin };
}

/** @returns undefined if the answer, with nothing else running, is what the call expects. */
export function wrongInQuiet(call: Call, { status, text }: Answer): string | undefined {
  if (status !== call.status) return `${call.name}: ${status}, not ${call.status}: ${text.slice(0, 200)}`;
  const missing = call.labels.filter((label) => !text.includes(`"${label}"`));
  return missing.length === 0 ? undefined : `${call.name}: no ${missing.join(', ')} in ${text.slice(0, 200)}`;
}
