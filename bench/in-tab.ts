/**
 * How long the page's worker trains the classes of a tab, by the number of pictures: what its bound on them is set by.
 * The module is the one that the page loads, in Node's V8.
 *
 *     node bench/in-tab.ts
 */
import { trained } from '../public/vendor/page/taught.js';

const DIMENSIONS = 1024;
const CLASSES = 10;
const COUNTS = [100, 250, 500, 1000, 1500, 2000];
const ROUNDS = 5;
/** Distance between pictures of a class; classes are 1 apart. */
const SPREAD = 1.2;

let state = 1;
/** −0.5 to 0.5, the same in every run. */
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32 - 0.5;
}

const means = Array.from({ length: CLASSES }, () => Float32Array.from({ length: DIMENSIONS }, random));

function examplesOf(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    id: String(i),
    label: `class ${i % CLASSES}`,
    embedding: (means[i % CLASSES] ?? new Float32Array()).map((value) =>
      Math.max(0, value + SPREAD * random()),
    ),
  }));
}

trained(examplesOf(50));
for (const count of COUNTS) {
  const examples = examplesOf(count);
  const times = Array.from({ length: ROUNDS }, () => {
    const begin = performance.now();
    trained(examples);
    return performance.now() - begin;
  }).sort((one, other) => one - other);
  const [least, median, most] = [times[0], times[ROUNDS >> 1], times[ROUNDS - 1]].map((ms) =>
    Math.round(ms ?? 0),
  );
  console.log(`${count} pictures of ${CLASSES} classes: ${median} ms (${least}–${most})`);
}
