/** The Worker's answers when nothing is wrong, with which later answers are compared. */
import assert from 'node:assert/strict';
import { ask } from './ask.ts';
import { none } from './failures.ts';
import type { Seed } from './seeds.ts';

export interface Quiet {
  readonly seed: Seed;
  readonly body: unknown;
}

/** @throws naming every seed that is refused or misclassified. */
export async function quietAnswers(url: string, seeds: readonly Seed[]): Promise<readonly Quiet[]> {
  const quiet: Quiet[] = [];
  const wrong: string[] = [];
  for (const seed of seeds) {
    const { status, label, code, body } = await ask(url, seed.bytes);
    if (status === 200 && label === seed.label) quiet.push({ seed, body });
    else wrong.push(`${seed.name}: ${status} ${code}${label}, not ${seed.label}`);
  }
  none(wrong);
  return quiet;
}

/** @throws if the answer differs from the reference in anything, even the last digit of a score. */
export async function checkHealth(url: string, { seed, body }: Quiet): Promise<void> {
  const answer = await ask(url, seed.bytes);
  assert.deepEqual(answer.body, body, `${seed.name} got another answer than in quiet`);
}
