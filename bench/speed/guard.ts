/**
 * Whether we are still as far ahead of the plain ways as we were, with room for a noisy machine: ratios of CPU
 * time taken in turns, never times.
 */
import assert from 'node:assert/strict';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { report } from '../../test/conformance/report.ts';
import { measureInference } from './inference/section.ts';
import { drawnPictures } from './pictures.ts';
import { compare } from './requests.ts';
import { bundles } from './servers.ts';
import { ratio, type Spread } from './statistics.ts';

/** Measured on a busy machine: 0.62 of plain float32, and 0.62 to 0.72 and 0.18 of the obvious composition. */
const MOST = { inference: 0.8, 'JPEG 640×480': 0.85, 'JPEG 12 MP': 0.35 } as const;

const INFERENCE_ROUNDS = 15;
const REQUESTS = { requestRounds: 5, requestsInABlock: 4 };

endChildrenOnSignal();
const { rows } = await measureInference(INFERENCE_ROUNDS, ['ours', 'float']);
const roundsOf = (id: string) => rows.find(({ peer }) => peer.id === id)?.rounds ?? [];
await report({
  [`inference takes at most ${MOST.inference} of the plain float32 graph`]: async () =>
    atMost(MOST.inference, ratio(roundsOf('ours'), roundsOf('float'))),
});
const pictures = (await drawnPictures()).filter(({ name }) => name in MOST);
for (const { picture, ours, obvious } of await compare(await bundles(), pictures, REQUESTS, false)) {
  const most = MOST[picture.name as keyof typeof MOST];
  await report({
    [`a ${picture.name} takes at most ${most} of the obvious composition`]: async () =>
      atMost(most, ratio(ours, obvious)),
  });
}

function atMost(most: number, { median, low, high }: Spread): void {
  const found = `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
  console.log(found);
  assert.ok(median <= most, found);
}
