/**
 * The frame of a conformance run in Node: `--url` is a running Worker, `--image` a file to send to it. Prints one line
 * for each check, and exits with code 1 if one failed.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

export interface Target {
  /** Where the Worker answers, without a trailing slash; it must answer anonymous callers. */
  readonly url: string;
  /** The bytes of a photo. */
  readonly image: Uint8Array<ArrayBuffer>;
}

/** A check fails by throwing, as `node:assert` does. */
export type Checks = Readonly<Record<string, () => Promise<void>>>;

/** @throws if `--url` or `--image` is missing or cannot be read. */
export async function target(): Promise<Target> {
  const { url, image } = parseArgs({
    options: { url: { type: 'string' }, image: { type: 'string' } },
  }).values;
  if (url === undefined || image === undefined)
    throw new Error('usage: --url http://127.0.0.1:8787 --image FILE');
  return { url: url.replace(/\/$/, ''), image: Uint8Array.from(await readFile(image)) };
}

export async function report(checks: Checks): Promise<void> {
  for (const [what, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`ok ${what}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      console.log(`FAILED ${what}: ${reason.replaceAll(/\s+/g, ' ').slice(0, 400)}`);
      process.exitCode = 1;
    }
  }
}

/** The error that a call throws. @throws if it does not. */
export async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  let answer: unknown;
  try {
    answer = await call();
  } catch (error) {
    return error;
  }
  throw new Error(`it did not fail, but answered ${JSON.stringify(answer)?.slice(0, 200)}`);
}

/** The first label of the native API, which every dialect must also put first. */
export async function nativeLabel({ url, image }: Target): Promise<string> {
  const response = await fetch(`${url}/v1/classify?top_k=1`, { method: 'POST', body: image });
  const answer = (await response.json()) as { predictions?: readonly { label: string }[] };
  const label = answer.predictions?.[0]?.label;
  if (label === undefined) throw new Error(`/v1/classify answered ${JSON.stringify(answer)}`);
  return label;
}
