/**
 * What tags and filters add to an answer, in microseconds of CPU and in bytes.
 *
 *     node --import ./bench/wasm-import.ts bench/tags.ts
 *
 * The parts take turns in one process, so that other load on the machine affects all of them. The logits belong to no
 * picture: a few classes of one group stand out, so that the answer has tags on all four levels.
 */
import { classification } from '../src/answer.ts';
import { resolveFilter } from '../src/inference/label-filter.ts';
import { nearestNames } from '../src/inference/nearest-names.ts';
import { LOGIT_COUNT, softmax, topK } from '../src/inference/softmax.ts';
import { groupScores, tagPath } from '../src/inference/tags.ts';
import { classifyOptionsSchema } from '../src/options.ts';

const ROUNDS = 60;
/** Calls of one part per round. */
const CALLS = 1000;
/** Rounds before the compiler has finished. */
const WARM_UP = 10;
const SETTERS = [213, 214, 212];

const logits = Float32Array.from({ length: LOGIT_COUNT }, (_, output) => Math.sin(output * 12.9898) * 2);
for (const [rank, index] of SETTERS.entries()) logits[index + 1] = 11 - 2 * rank;
const probabilities = softmax(logits);
const options = classifyOptionsSchema.parse({});
const filter = resolveFilter({ include: ['dog'], exclude: ['terrier'] });
const listed = 'listed' in filter ? filter.listed : undefined;
const seen = {
  logits,
  embedding: new Float32Array(1024),
  image: { format: 'jpeg', width: 640, height: 480, orientation: 1 },
  fingerprint: new Uint8Array(8),
} as const;

const parts: Record<string, () => unknown> = {
  softmax: () => softmax(logits),
  'five best': () => topK(probabilities, 5, 0),
  'scores of groups': () => groupScores(probabilities),
  'tags (scores of groups and path)': () => tagPath(probabilities, options.tag_min_score),
  'tags with a filter': () => tagPath(probabilities, options.tag_min_score, listed),
  'whole answer as JSON': () => JSON.stringify(classification(seen, options)),
  'a name that nothing has': () => nearestNames('retreiver'),
};

/** It takes a hundred times as long as the others. */
const RARE = new Set(['a name that nothing has']);

const times = new Map(Object.keys(parts).map((name) => [name, [] as number[]]));
for (let round = 0; round < ROUNDS + WARM_UP; round++) {
  for (const [name, part] of Object.entries(parts)) {
    const calls = RARE.has(name) ? CALLS / 200 : CALLS;
    const begin = process.cpuUsage();
    for (let call = 0; call < calls; call++) part();
    const { user, system } = process.cpuUsage(begin);
    if (round >= WARM_UP) times.get(name)?.push((user + system) / calls);
  }
}

console.log('| part | CPU µs, median (quartiles) |\n|---|--:|');
for (const [name, all] of times) {
  const [low, median, high] = [0.25, 0.5, 0.75].map((part) => quantile(all, part).toFixed(1));
  console.log(`| ${name} | ${median} (${low}–${high}) |`);
}

const answer = classification(seen, options);
const { tags: _tags, tag: _tag, taxonomy: _taxonomy, predictions, ...before } = answer;
const without = { predictions: predictions.map(({ group: _group, ...rest }) => rest), ...before };
console.log(
  `\nAnswer: ${JSON.stringify(answer).length} bytes, ${JSON.stringify(without).length} of them without groups.`,
);
console.log(`Tags: ${answer.tags.map(({ name, score }) => `${name} ${score}`).join(' > ')}`);

function quantile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(part * values.length)] ?? Number.NaN;
}
