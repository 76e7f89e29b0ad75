/**
 * Measures each convolution of the network alone, with our kernels, and how fast the machine can multiply and add.
 *
 *     bench/speed/node_modules/node/bin/node --wasm-enforce-bounds-checks bench/convolutions.ts
 *
 * Runs in the Node that `bench/speed` installs, with bounds checks as in workerd. Prints the CPU time of a call, as the
 * lower quartile of some rounds, because other work on the machine only adds to it. The data stay in the caches from
 * the previous call, so a whole run takes longer than the sum.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import wabtInit from 'wabt';
import { CONV_PARAMETERS } from '../src/inference/kernels/conv-parameters.ts';
import { INT8_MARK } from '../src/inference/kernels/filter-blocks.ts';
import { moduleText } from '../src/inference/kernels/module.ts';
import { quantile } from './speed/statistics.ts';

const [ROUNDS, CALLS_BEFORE] = [11, 15];
/** Time for the optimising compiler, which works in the background. */
const PAUSE_MS = 2500;
/** Products of a layer in one round, so that the process clock is fine enough. */
const PRODUCTS_IN_A_ROUND = 12e6;
const [WABT_FEATURES, PAGES] = [{ simd: true, relaxed_simd: true, bulk_memory: true }, 360];
/** Memory layout, in bytes. */
const AT = {
  parameters: 4096,
  activation: 8192,
  scratch: 65_536,
  input: 4 * 2 ** 20,
  filter: 9 * 2 ** 20,
  bias: 12 * 2 ** 20,
  output: 14 * 2 ** 20,
};
const SCRATCH_BYTES = 65_536;

/** Kernel, stride, channels and side of the output; filters, or 0 if depthwise; how often it occurs. */
type Layer = readonly [
  kernel: 1 | 3 | 5,
  stride: 1 | 2,
  channels: number,
  filters: number,
  side: number,
  times: number,
];

const DEPTHWISE = 0;
const LAYERS: readonly Layer[] = layers();

/** From the shapes of model/weights.json; the size of the maps follows from the strides. */
function layers(): Layer[] {
  const { tensors } = JSON.parse(readFileSync(new URL('../model/weights.json', import.meta.url), 'utf8')) as {
    readonly tensors: readonly { readonly shape: readonly number[] }[];
  };
  /** Which of the convolutions larger than 1×1, in order, have stride 2. */
  const strided = new Set([0, 1, 2, 4, 9]);
  const found = new Map<string, Layer>();
  let [wide, side] = [0, 224];
  for (const { shape } of tensors) {
    const [filters = 0, channels = 0, kernel = 0] = shape;
    if (shape.length !== 4 || (kernel !== 1 && kernel !== 3 && kernel !== 5)) continue;
    const stride = kernel > 1 && strided.has(wide) ? 2 : 1;
    if (kernel > 1) wide++;
    side /= stride;
    const isDepthwise = kernel > 1 && channels === 1;
    const layer = [
      kernel,
      stride,
      isDepthwise ? filters : channels,
      isDepthwise ? DEPTHWISE : filters,
      side,
    ] as const;
    found.set(layer.join(), [...layer, (found.get(layer.join())?.[5] ?? 0) + 1]);
  }
  return [...found.values()];
}

const { parseWat } = await wabtInit();
const build = (text: string) =>
  new WebAssembly.Instance(
    new WebAssembly.Module(Buffer.from(parseWat('bench.wat', text, WABT_FEATURES).toBinary({}).buffer)),
  ).exports;

/** Thousand million multiply-adds per second, with this many independent sums. */
async function limit(sums: number): Promise<number> {
  const names = Array.from({ length: sums }, (_, index) => `$s${index}`);
  const step = names.map(
    (name) => `(local.set ${name} (f32x4.relaxed_madd (local.get $a) (local.get $b) (local.get ${name})))`,
  );
  const total = names
    .map((name) => `(local.get ${name})`)
    .reduce((one, other) => `(f32x4.add ${one} ${other})`);
  const { run } =
    build(`(module (func (export "run") (param $n i32) (result f32) (local $a v128) (local $b v128)
    ${names.map((name) => `(local ${name} v128)`).join(' ')}
    (loop $again ${step.join(' ').repeat(4)}
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (f32x4.extract_lane 0 ${total})))`) as { readonly run: (count: number) => number };
  for (let i = 0; i < 200; i++) run(1000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const count = 500_000;
  const times = Array.from({ length: 20 }, () => cpuMicroseconds(() => run(count)));
  return (count * 4 * sums * 4) / Math.min(...times) / 1000;
}

function cpuMicroseconds(call: () => void): number {
  const before = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

const kernels = build(
  moduleText().replace(
    '(import "runtime" "memory" (memory 1))',
    `(memory (export "memory") ${PAGES} ${PAGES})`,
  ),
) as unknown as { readonly memory: WebAssembly.Memory; readonly convolution: (...values: number[]) => void };

function parametersOf([kernel, stride, channels, filters, side]: Layer): Int32Array {
  const isDepthwise = filters === DEPTHWISE;
  const input = side * stride;
  const padding = kernel - stride;
  // The first layer is padded at the end only.
  const before = isDepthwise && padding > 0 ? Math.floor(padding / 2) : 0;
  const after = Math.max(0, padding - before);
  const own = isDepthwise ? 1 : channels;
  const words = new Int32Array(64);
  const values: Readonly<Record<keyof typeof CONV_PARAMETERS, number>> = {
    ...{ activation: AT.activation, dimensions: 2, batch: 1, groups: isDepthwise ? channels : 1 },
    ...{ channels: own, filters: isDepthwise ? 1 : filters, height: input, width: input },
    ...{ kernelHeight: kernel, kernelWidth: kernel, dilationHeight: 1, dilationWidth: 1 },
    ...{ top: before, left: before, bottom: after, right: after, strideHeight: stride, strideWidth: stride },
    ...{ outputHeight: side, outputWidth: side, inputSize: input * input, outputSize: side * side },
    ...{ k: own * kernel * kernel, beta: 0 },
  };
  for (const [name, value] of Object.entries(values))
    words[CONV_PARAMETERS[name as keyof typeof CONV_PARAMETERS] / 4] = value;
  return words;
}

const floats = new Float32Array(kernels.memory.buffer);
for (let i = AT.input / 4; i < floats.length; i++) floats[i] = Math.sin(i);
const words = new Int32Array(kernels.memory.buffer);
const jobs = LAYERS.map((layer) => {
  const [kernel, , channels, filters, side, times] = layer;
  // Where no mark is, the kernels trap. Which values the other bytes make of themselves does not matter.
  const weights = filters * channels * kernel * kernel;
  const products = channels * Math.max(filters, 1) * kernel * kernel * side * side;
  const parameters = parametersOf(layer);
  const call = () =>
    kernels.convolution(
      ...[AT.parameters, AT.input, AT.filter, AT.bias, 0, AT.output, 0, AT.scratch, SCRATCH_BYTES],
    );
  const set = () => {
    words.set(parameters, AT.parameters / 4);
    if (filters !== DEPTHWISE) words[AT.filter / 4 + weights - 1] = INT8_MARK;
  };
  return { layer, times, products, set, call, found: [] as number[] };
});

const limits = [await limit(8), await limit(12)].map((most) => most.toFixed(1));
for (const { set, call } of jobs) {
  set();
  for (let i = 0; i < CALLS_BEFORE; i++) call();
}
await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
for (let round = 0; round < ROUNDS; round++) {
  for (const { set, call, products, found } of jobs) {
    set();
    call();
    const calls = Math.max(4, Math.round(PRODUCTS_IN_A_ROUND / products));
    found.push(
      cpuMicroseconds(() => {
        for (let i = 0; i < calls; i++) call();
      }) / calls,
    );
  }
}

console.log(
  `The machine: ${limits.join(' and ')} thousand million multiply-adds a second, with 8 and 12 sums.\n`,
);
console.log('| convolution | times | µs | 10⁹ multiply-adds a second |\n| --- | --: | --: | --: |');
let [microseconds, products] = [0, 0];
for (const { layer, times, products: own, found } of jobs) {
  const [kernel, stride, channels, filters, side] = layer;
  const took = quantile(
    found.toSorted((one, other) => one - other),
    0.25,
  );
  microseconds += times * took;
  products += times * own;
  const name =
    filters === DEPTHWISE
      ? `depthwise ${kernel}×${kernel}, stride ${stride}, ${channels}`
      : `${kernel}×${kernel}, stride ${stride}, ${channels} → ${filters}`;
  console.log(
    `| ${name}, ${side}×${side} | ${times} | ${took.toFixed(0)} | ${(own / took / 1000).toFixed(1)} |`,
  );
}
console.log(`| all | | ${microseconds.toFixed(0)} | ${(products / microseconds / 1000).toFixed(1)} |`);
