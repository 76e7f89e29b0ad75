/**
 * Whether the ratios to other implementations still hold, with a margin for a noisy machine: ratios of CPU time taken
 * in turns, never times.
 */
import assert from 'node:assert/strict';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { report } from '../../test/conformance/report.ts';
import { measureInference } from './inference/section.ts';
import { drawnPictures } from './pictures.ts';
import { compare } from './requests.ts';
import { bundles } from './servers.ts';
import { ratio, type Spread } from './statistics.ts';

/** Measured: 0.58 to 0.74 of LiteRT, and 0.31 to 0.32 and 0.16 to 0.18 of the obvious composition. */
const MOST = { inference: 0.8, 'JPEG 640×480': 0.4, 'JPEG 12 MP': 0.22 } as const;

/** A regression is slow each time; other load on the machine comes and goes. */
const ATTEMPTS = 3;
const INFERENCE_ROUNDS = 40;
const REQUESTS = { warmUpRequests: 12, requestRounds: 7, requestsInABlock: 4 };

endChildrenOnSignal();
await report({
  [`inference takes at most ${MOST.inference} of LiteRT's`]: () => atMost(MOST.inference, inferenceOfLiteRt),
});
const folders = await bundles();
for (const picture of (await drawnPictures()).filter(({ name }) => name in MOST)) {
  const most = MOST[picture.name as keyof typeof MOST];
  await report({
    [`a ${picture.name} takes at most ${most} of the obvious composition`]: () =>
      atMost(most, async () => {
        const [{ ours, obvious } = { ours: [], obvious: [] }] = await compare(
          folders,
          [picture],
          REQUESTS,
          false,
        );
        return ratio(ours, obvious);
      }),
  });
}

async function inferenceOfLiteRt(): Promise<Spread> {
  const { rows } = await measureInference(INFERENCE_ROUNDS, { ids: ['ours', 'litert'] });
  const roundsOf = (id: string) => rows.find((row) => row.id === id)?.rounds ?? [];
  return ratio(roundsOf('ours'), roundsOf('litert'));
}

async function atMost(most: number, measure: () => Promise<Spread>): Promise<void> {
  const found: string[] = [];
  while (found.length < ATTEMPTS) {
    const { median, low, high } = await measure();
    found.push(`${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`);
    console.log(found.at(-1));
    if (median <= most) return;
  }
  assert.fail(found.join(', then '));
}
