/** Tables of own classes, as the model card has them. */
import type { Embedded, OwnRow } from './own-splits.ts';
import { table } from './report.ts';

export function ownTable(rows: readonly OwnRow[]): string {
  const head = [
    'set (classes)',
    'pictures a class',
    'right %',
    '± between splits',
    'leave-one-out says %',
    'own pictures not unknown %',
    'unrelated: AUROC %',
    'not unknown %',
    'alike: AUROC %',
    'not unknown %',
  ];
  return table(
    head,
    rows.map(({ set, classes, picturesEach, right, spread, leaveOneOut, unknown }) => [
      `${set} (${classes})`,
      `${picturesEach}`,
      right.toFixed(1),
      spread.toFixed(1),
      leaveOneOut?.toFixed(1) ?? '–',
      ...[
        unknown?.kept,
        unknown?.strangersAuroc,
        unknown?.strangersPassed,
        unknown?.alikeAuroc,
        unknown?.alikePassed,
      ].map((value) => value?.toFixed(1) ?? '–'),
    ]),
  );
}

export function cosineTable(
  sets: readonly { readonly name: string; readonly pictures: readonly Embedded[] }[],
): string {
  const rows = sets.flatMap(({ name, pictures }) => {
    const same: number[] = [];
    const other: number[] = [];
    for (const [i, one] of pictures.entries()) {
      for (const two of pictures.slice(0, i)) {
        (one.label === two.label ? same : other).push(cosine(one.embedding, two.embedding));
      }
    }
    return [
      [`${name}, of one class`, ...quantiles(same)],
      [`${name}, of two classes`, ...quantiles(other)],
    ];
  });
  const first = sets[0]?.pictures ?? [];
  const second = sets[1]?.pictures ?? [];
  const unrelated = first.flatMap((one) => second.map((two) => cosine(one.embedding, two.embedding)));
  if (unrelated.length > 0) rows.push([`${sets[0]?.name} and ${sets[1]?.name}`, ...quantiles(unrelated)]);
  return table(['pairs of', '5 %', 'half', '95 %'], rows);
}

function quantiles(values: number[]): string[] {
  values.sort((one, other) => one - other);
  return [0.05, 0.5, 0.95].map((share) => values[Math.floor(share * (values.length - 1))]?.toFixed(2) ?? '–');
}

function cosine(one: Float32Array, other: Float32Array): number {
  let [product, ownSquares, otherSquares] = [0, 0, 0];
  for (const [i, value] of one.entries()) {
    const against = other[i] ?? 0;
    product += value * against;
    ownSquares += value * value;
    otherSquares += against * against;
  }
  return product / Math.sqrt(ownSquares * otherSquares);
}
