/** Files that a run has failed on, saved so that each can be sent again. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A dead Worker fails on every file, so a run stops after this many. */
export const MAX_FAILURES = 20;

/** @returns the message, with the command that sends the file again. */
export function keep(name: string, bytes: Uint8Array, what: string): string {
  const folder = path.join(tmpdir(), 'mobilenet-edge-fuzz');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.bin`);
  writeFileSync(file, bytes);
  return `${what}; again with: npm run fuzz -- --replay ${file}`;
}

/** @throws the first failure, after printing all. */
export function none(failures: readonly string[]): void {
  const [first] = failures;
  if (first === undefined) return;
  for (const failure of failures) console.log(`  ${failure}`);
  throw new Error(failures.length === 1 ? first : `${failures.length}, the first: ${first}`);
}
