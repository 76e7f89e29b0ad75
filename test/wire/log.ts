/** The Worker's own log, as `wrangler dev` prints it. */
import { setTimeout as pause } from 'node:timers/promises';

/** The line of a request that has been answered or aborted. */
export interface Line {
  readonly request_id: string;
  readonly status: number;
  readonly code?: string;
  readonly pictures: number;
}

const WAIT_MILLISECONDS = 60_000;

/** @throws if there is none after a minute. */
export async function lineOf(id: string, output: () => string): Promise<Line> {
  for (let waited = 0; waited < WAIT_MILLISECONDS; waited += 100) {
    const found = output()
      .split('\n')
      .find((text) => text.startsWith('{') && text.includes('"route"') && text.includes(`"${id}"`));
    if (found !== undefined) return JSON.parse(found);
    await pause(100);
  }
  throw new Error(`no line for the request ${id}`);
}
