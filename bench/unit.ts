/**
 * How many units the yardstick of `test/cost` is: photon's decode and resize, relative to the whole obvious
 * composition, for the same 640×480 JPEG. The unit is 0.4 of the latter.
 *
 *     npm run bench -- cold --quick            # once: it builds the obvious composition
 *     node bench/unit.ts build/bench/obvious
 */
import { startMeter, YARDSTICK_MEGAPIXELS, YARDSTICK_UNITS } from '../test/cost/meter.ts';
import { jpegOf } from './speed/pictures.ts';
import { quantile } from './speed/statistics.ts';
import { cpuMs, firstAnswer, startWorkerd } from './workerd.ts';

const OF_THE_OBVIOUS = 0.4;
const ROUNDS = 21;
const IN_A_ROUND = 6;
const WARM_UP = 60;

const [folder = 'build/bench/obvious'] = process.argv.slice(2);
const { file } = await jpegOf(YARDSTICK_MEGAPIXELS);
const obvious = await startWorkerd(folder);
const meter = await startMeter();
try {
  await firstAnswer(obvious.url);
  const ask = async () => {
    await (await fetch(obvious.url, { method: 'POST', body: file })).text();
  };
  for (let i = 0; i < WARM_UP; i++) await ask();
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const yardstickMs = (await meter.calibrate()) * YARDSTICK_UNITS;
    const before = cpuMs(obvious.pid);
    for (let i = 0; i < IN_A_ROUND; i++) await ask();
    const unitMs = (OF_THE_OBVIOUS * (cpuMs(obvious.pid) - before)) / IN_A_ROUND;
    ratios.push(yardstickMs / unitMs);
    console.log(
      `unit ${unitMs.toFixed(2)} ms, yardstick ${yardstickMs.toFixed(2)} ms: ${(yardstickMs / unitMs).toFixed(3)}`,
    );
  }
  ratios.sort((one, other) => one - other);
  const [low, median, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share).toFixed(2));
  console.log(`the yardstick is ${median} (${low}–${high}) units`);
} finally {
  await meter.close();
  await obvious.stop();
}
