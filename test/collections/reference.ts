/** Ridge regression by its definition, in float64, by elimination: slow, and without the Worker's code. */

export interface Problem {
  readonly rows: readonly (readonly number[])[];
  readonly classes: readonly number[];
  readonly classCount: number;
  /** Weight of each row. */
  readonly omegas: readonly number[];
  readonly penalty: number;
}

/** Rows of length 1, with the weights and the penalty of the whole set. */
export function problemOf(vectors: Int8Array, classes: readonly number[], classCount: number): Problem {
  const size = vectors.length / classes.length;
  const rows = classes.map((_, i) => {
    const row = Array.from(vectors.subarray(i * size, (i + 1) * size));
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
  const counts = Array.from({ length: classCount }, (_, c) => classes.filter((one) => one === c).length);
  const omegas = classes.map((c) => classes.length / (classCount * (counts[c] ?? 0)));
  const mean = meanOf(rows, omegas);
  const spread = rows.reduce(
    (sum, row, i) => sum + (omegas[i] ?? 0) * row.reduce((part, x, d) => part + (x - (mean[d] ?? 0)) ** 2, 0),
    0,
  );
  return { rows, classes, classCount, omegas, penalty: (0.3 * spread) / classes.length };
}

/** Trains on all rows except one, if one is given, and scores a row. */
export function scoresWithout(
  problem: Problem,
  left: number | undefined,
  asked: readonly number[],
): number[] {
  const { rows, classes, classCount, omegas, penalty } = problem;
  const kept = [...rows.keys()].filter((i) => i !== left);
  const weights = kept.map((i) => omegas[i] ?? 0);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const mean = meanOf(
    kept.map((i) => rows[i] ?? []),
    weights,
  );
  const centred = kept.map((i) => (rows[i] ?? []).map((x, d) => x - (mean[d] ?? 0)));
  const roots = weights.map(Math.sqrt);
  // (K + λ) a = y, where K has the products of the weighted rows.
  const system = centred.map((one, i) =>
    centred.map((other, j) => (roots[i] ?? 0) * (roots[j] ?? 0) * dot(one, other) + (i === j ? penalty : 0)),
  );
  const wanted = Array.from({ length: classCount }, (_, c) => {
    const own = kept.map((i) => (classes[i] === c ? 1 : 0));
    const share = own.reduce<number>((total, one, i) => total + one * (weights[i] ?? 0), 0) / sum;
    return { share, right: own.map((one, i) => (roots[i] ?? 0) * (one - share)) };
  });
  const solved = eliminated(
    system,
    wanted.map(({ right }) => right),
  );
  const away = asked.map((x, d) => x - (mean[d] ?? 0));
  const products = centred.map((row, i) => (roots[i] ?? 0) * dot(row, away));
  return wanted.map(({ share }, c) => share + dot(products, solved[c] ?? []));
}

function meanOf(rows: readonly (readonly number[])[], weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return (rows[0] ?? []).map(
    (_, d) => rows.reduce((part, row, i) => part + (weights[i] ?? 0) * (row[d] ?? 0), 0) / sum,
  );
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
}

/** Gaussian elimination with pivoting. @param rights several right-hand sides. */
function eliminated(
  system: readonly (readonly number[])[],
  rights: readonly (readonly number[])[],
): number[][] {
  const size = system.length;
  const rows = system.map((row, i) => Float64Array.from([...row, ...rights.map((right) => right[i] ?? 0)]));
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k + 1; i < size; i++) {
      if (Math.abs(rows[i]?.[k] ?? 0) > Math.abs(rows[pivot]?.[k] ?? 0)) pivot = i;
    }
    const top = rows[pivot] ?? new Float64Array();
    rows[pivot] = rows[k] ?? top;
    rows[k] = top;
    for (let i = k + 1; i < size; i++) {
      const row = rows[i] ?? top;
      const factor = (row[k] ?? 0) / (top[k] ?? 1);
      if (factor !== 0) for (let j = k; j < row.length; j++) row[j] = (row[j] ?? 0) - factor * (top[j] ?? 0);
    }
  }
  return rights.map((_, right) => {
    const x: number[] = Array.from({ length: size }, () => 0);
    for (let i = size - 1; i >= 0; i--) {
      const row = rows[i] ?? new Float64Array();
      let sum = row[size + right] ?? 0;
      for (let j = i + 1; j < size; j++) sum -= (row[j] ?? 0) * (x[j] ?? 0);
      x[i] = sum / (row[i] ?? 1);
    }
    return x;
  });
}
