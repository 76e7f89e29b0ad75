/** What the Worker answers when nothing is wrong: the standard for every later answer. */
import assert from 'node:assert/strict';
import { ask } from './ask.ts';
import { none } from './failures.ts';
import type { Seed } from './seeds.ts';

export interface Quiet {
  readonly seed: Seed;
  readonly body: unknown;
}

/** @throws naming every seed that is refused, or that the Worker sees something else in. */
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

/** @throws when the answer differs from the quiet one in anything, a score's last digit included. */
export async function checkHealth(url: string, { seed, body }: Quiet): Promise<void> {
  const answer = await ask(url, seed.bytes);
  assert.deepEqual(answer.body, body, `${seed.name} got another answer than in quiet`);
}
