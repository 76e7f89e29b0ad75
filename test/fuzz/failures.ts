/** Files that a run has failed on, kept so that each can be sent again. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A Worker that is gone fails on every file: so many say enough. */
export const MAX_FAILURES = 20;

/** @returns what to say of it, with the command that sends it again. */
export function keep(name: string, bytes: Uint8Array, what: string): string {
  const folder = path.join(tmpdir(), 'mobilenet-edge-fuzz');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.bin`);
  writeFileSync(file, bytes);
  return `${what}; again with: npm run fuzz -- --replay ${file}`;
}

/** @throws with the first of the failures, after printing all. */
export function none(failures: readonly string[]): void {
  const [first] = failures;
  if (first === undefined) return;
  for (const failure of failures) console.log(`  ${failure}`);
  throw new Error(failures.length === 1 ? first : `${failures.length}, the first: ${first}`);
}
