/**
 * How well scores separate two kinds: the probability that a random one of the first scores higher than one of the
 * second, 0–1. Ties count half.
 */
export function auroc(higher: readonly number[], lower: readonly number[]): number {
  const all = [
    ...higher.map((score) => ({ score, isHigher: true })),
    ...lower.map((score) => ({ score, isHigher: false })),
  ].sort((one, other) => one.score - other.score);
  let ranks = 0;
  for (let from = 0, to = 0; from < all.length; from = to) {
    while (to < all.length && all[to]?.score === all[from]?.score) to++;
    // Ties share the mean of their ranks, which begin with 1.
    const rank = (from + 1 + to) / 2;
    ranks += rank * all.slice(from, to).filter(({ isHigher }) => isHigher).length;
  }
  return (ranks - (higher.length * (higher.length + 1)) / 2) / (higher.length * lower.length);
}
