/**
 * Ridge regression onto classes, with exact leave-one-out scores of each example.
 *
 * The weights minimise Σ ωᵢ |yᵢ − b − W xᵢ|² + λ |W|², where x are vectors of length 1, y is 1 for the example's own
 * class and 0 for the others, ω gives every class the same weight whatever its number of examples, and the intercept b
 * is not penalised. The solution is in closed form: no seed, no iterations, and the same examples give the same bits.
 * On eleven sets of photos it is as good as logistic regression, at a fourth to a twentieth of the cost.
 *
 * Leaving example i out changes its residual from rᵢ to rᵢ / (1 − hᵢ), where hᵢ is its leverage, its share in its own
 * prediction. That is exact for unchanged λ and ω, so it costs one more pass instead of a training each.
 */
import { kernel, layOut } from './kernel.ts';
import { backward, factor, forward, roundedUp, type Triangle } from './triangle.ts';
import { DIMENSIONS, product, unitVector, vectorAt } from './vectors.ts';

/**
 * λ relative to the mean squared distance of the examples from their mean. Between 0.03 and 3 the mean accuracy on ten
 * sets changes by less than 1.3 points.
 */
const PENALTY = 0.3;

/** If all examples are the same picture, their distances are 0 and λ must not be. */
const LEAST_PENALTY = 1e-6;

/**
 * With more examples the system has a row for each of the 1024 numbers of the vectors, with fewer a row for each
 * example. So neither has more than 1024 rows, which take 4 MiB. Only the second holds the examples as floats, another
 * 4 MiB.
 */
const MOST_ROWS = DIMENSIONS;

/** Examples whose products are summed at once. */
const BLOCK = 64;

/** An example's leverage is below 1; rounding must not take it there. */
const LEAST_REMAINDER = 1e-6;

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
const ROW_BYTES = DIMENSIONS * FLOAT_BYTES;

export interface ClassExamples {
  /** Stored vectors, concatenated. */
  readonly vectors: Int8Array;
  /** Class of each, from 0. */
  readonly classes: Uint16Array;
  /** Number of examples of each class: at least one. */
  readonly counts: readonly number[];
}

export interface Ridge {
  /** One row of 1024 for each class. */
  readonly weights: Float32Array;
  /** The score of class c for a vector x of length 1 is `weights[c] · x + bias[c]`. */
  readonly bias: Float32Array;
  /** One row of leave-one-out scores for each example. */
  readonly leftOut: Float32Array;
}

/**
 * Trains on two or more classes. It succeeds for all examples, whatever they hold.
 *
 * @param mostRows the most examples for which the system has a row per example; lowered to test the other one.
 */
export function ridge(examples: ClassExamples, mostRows = MOST_ROWS): Ridge {
  const problem = weighted(examples);
  return examples.classes.length <= mostRows ? byExamples(problem) : byDimensions(problem);
}

interface Weighted extends ClassExamples {
  /** ω of each class. They add up to the number of examples. */
  readonly omegas: readonly number[];
  readonly mean: Float32Array;
  readonly penalty: number;
}

function weighted(examples: ClassExamples): Weighted {
  const { vectors, classes, counts } = examples;
  const total = classes.length;
  const omegas = counts.map((count) => total / (counts.length * count));
  const sums = new Float64Array(DIMENSIONS);
  const unit = new Float32Array(DIMENSIONS);
  let squares = 0;
  for (const [i, label] of classes.entries()) {
    const omega = omegas[label] ?? 0;
    unitVector(vectorAt(vectors, i), unit);
    for (let d = 0; d < DIMENSIONS; d++) {
      const value = unit[d] as number;
      sums[d] = (sums[d] as number) + omega * value;
      squares += omega * value * value;
    }
  }
  const mean = Float32Array.from(sums, (sum) => sum / total);
  const spread = squares / total - mean.reduce((sum, value) => sum + value * value, 0);
  return { ...examples, omegas, mean, penalty: Math.max(PENALTY * spread, LEAST_PENALTY) };
}

/** The dual: one row for each example. */
function byExamples({ vectors, classes, counts, omegas, mean, penalty }: Weighted): Ridge {
  const total = classes.length;
  const size = roundedUp(total);
  const places = layOut({
    examples: size * DIMENSIONS,
    triangle: size * size,
    vector: size,
    four: 4,
    sum: DIMENSIONS,
  });
  const { examples, vector, sum } = places;
  const wasm = kernel();
  const roots = Float64Array.from(classes, (label) => Math.sqrt(omegas[label] ?? 0));
  for (let i = 0; i < total; i++) {
    const row = examples.floats.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS);
    centre(unitVector(vectorAt(vectors, i), row), mean, roots[i] as number);
  }
  const triangle: Triangle = { place: places.triangle, size, stride: size, four: places.four };
  for (let i = 0; i < size; i++) {
    const row = places.triangle.at + i * size * FLOAT_BYTES;
    wasm.products(examples.at + i * ROW_BYTES, examples.at, ROW_BYTES, i + 1, DIMENSIONS, row);
    const diagonal = i * size + i;
    places.triangle.floats[diagonal] =
      (places.triangle.floats[diagonal] as number) + (i < total ? penalty : 1);
  }
  factor(triangle);

  const { weights, bias, leftOut } = emptyRidge(total, counts.length);
  const remainders = new Float64Array(total);
  for (let i = 0; i < total; i++) {
    vector.floats.fill(0);
    vector.floats[i] = 1;
    const inverse = forward(triangle, vector, i, total);
    const root = roots[i] as number;
    remainders[i] = Math.max(penalty * inverse - (root * root) / total, LEAST_REMAINDER);
  }
  for (const label of counts.keys()) {
    vector.floats.fill(0);
    for (let i = 0; i < total; i++) {
      vector.floats[i] = (roots[i] as number) * ((classes[i] === label ? 1 : 0) - 1 / counts.length);
    }
    forward(triangle, vector, 0, size);
    backward(triangle, vector);
    sum.floats.fill(0);
    for (let i = 0; i < total; i++) {
      const share = vector.floats[i] as number;
      wasm.addScaled(share, examples.at + i * ROW_BYTES, sum.at, DIMENSIONS);
      const residual = (penalty * share) / (roots[i] as number);
      leftOut[i * counts.length + label] = without(classes[i] === label, residual, remainders[i] as number);
    }
    weights.set(sum.floats, label * DIMENSIONS);
    bias[label] = 1 / counts.length - product(sum.floats, mean);
  }
  return { weights, bias, leftOut };
}

/** The primal: one row for each of the 1024 numbers. */
function byDimensions({ vectors, classes, counts, omegas, mean, penalty }: Weighted): Ridge {
  const total = classes.length;
  const rows = roundedUp(counts.length);
  const places = layOut({
    weights: rows * DIMENSIONS,
    triangle: DIMENSIONS * DIMENSIONS,
    block: DIMENSIONS * BLOCK,
    vector: DIMENSIONS,
    products: Math.max(DIMENSIONS, rows),
    four: 4,
  });
  const { block, vector, products } = places;
  const triangle: Triangle = {
    place: places.triangle,
    size: DIMENSIONS,
    stride: DIMENSIONS,
    four: places.four,
  };
  const wasm = kernel();
  const classSums = new Float32Array(counts.length * DIMENSIONS);
  for (let first = 0; first < total; first += BLOCK) {
    block.floats.fill(0);
    for (let i = first; i < Math.min(first + BLOCK, total); i++) {
      const label = classes[i] as number;
      const omega = omegas[label] as number;
      centre(unitVector(vectorAt(vectors, i), vector.floats), mean, 1);
      const root = Math.sqrt(omega);
      for (let d = 0; d < DIMENSIONS; d++) {
        const value = vector.floats[d] as number;
        block.floats[d * BLOCK + i - first] = root * value;
        const at = label * DIMENSIONS + d;
        classSums[at] = (classSums[at] as number) + omega * value;
      }
    }
    for (let d = 0; d < DIMENSIONS; d++) {
      const row = block.at + d * BLOCK * FLOAT_BYTES;
      wasm.products(row, block.at, BLOCK * FLOAT_BYTES, d + 1, BLOCK, products.at);
      wasm.addScaled(1, products.at, places.triangle.at + d * ROW_BYTES, roundedUp(d + 1));
    }
  }
  for (let d = 0; d < DIMENSIONS; d++) {
    const diagonal = d * DIMENSIONS + d;
    places.triangle.floats[diagonal] = (places.triangle.floats[diagonal] as number) + penalty;
  }
  factor(triangle);

  const { weights, bias, leftOut } = emptyRidge(total, counts.length);
  for (const label of counts.keys()) {
    vector.floats.set(classSums.subarray(label * DIMENSIONS, (label + 1) * DIMENSIONS));
    forward(triangle, vector, 0, DIMENSIONS);
    backward(triangle, vector);
    weights.set(vector.floats, label * DIMENSIONS);
    bias[label] = 1 / counts.length - product(vector.floats, mean);
  }
  places.weights.floats.set(weights);
  for (let i = 0; i < total; i++) {
    centre(unitVector(vectorAt(vectors, i), vector.floats), mean, 1);
    wasm.products(vector.at, places.weights.at, ROW_BYTES, counts.length, DIMENSIONS, products.at);
    const scores = products.floats.slice(0, counts.length);
    const omega = omegas[classes[i] as number] as number;
    const leverage = omega * (1 / total + forward(triangle, vector, 0, DIMENSIONS));
    const remainder = Math.max(1 - leverage, LEAST_REMAINDER);
    for (const [label, score] of scores.entries()) {
      const isOwn = classes[i] === label;
      const residual = (isOwn ? 1 : 0) - 1 / counts.length - score;
      leftOut[i * counts.length + label] = without(isOwn, residual, remainder);
    }
  }
  return { weights, bias, leftOut };
}

/** The leave-one-out score of a class for an example. */
function without(isOwn: boolean, residual: number, remainder: number): number {
  return (isOwn ? 1 : 0) - residual / remainder;
}

function emptyRidge(total: number, classes: number): Ridge {
  return {
    weights: new Float32Array(classes * DIMENSIONS),
    bias: new Float32Array(classes),
    leftOut: new Float32Array(total * classes),
  };
}

function centre(vector: Float32Array, mean: Float32Array, scale: number): void {
  for (let d = 0; d < DIMENSIONS; d++) vector[d] = scale * ((vector[d] as number) - (mean[d] as number));
}
