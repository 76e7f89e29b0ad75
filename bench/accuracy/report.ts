import type { Pairing, Score } from './score.ts';

/** A row of the accuracy table in the model card. */
export interface Row {
  readonly who: string;
  readonly pictures: string;
  readonly top1: number;
  readonly top5: number;
  readonly source: string;
}

export function row(who: string, { count, top1, top5 }: Score): Row {
  return {
    who,
    pictures: `${count} photos`,
    top1: percent(top1, count),
    top5: percent(top5, count),
    source: 'npm run accuracy',
  };
}

export function scoreLine(who: string, { count, errors, top1, top5 }: Score, seconds: number): string {
  return [
    who.padEnd(10),
    `top-1 ${top1}/${count} (${percent(top1, count)} %)`,
    `top-5 ${top5}/${count} (${percent(top5, count)} %)`,
    `${errors} errors`,
    `${(count / seconds).toFixed(1)} images/s`,
  ].join('  ');
}

export function pairLine(
  { count }: Score,
  { sameTop1, onlyWorkerRight, onlyReferenceRight }: Pairing,
): string {
  return (
    `same top-1 on ${sameTop1}/${count} (${percent(sameTop1, count)} %); ` +
    `right only by the Worker ${onlyWorkerRight}, only by the reference ${onlyReferenceRight}`
  );
}

const percent = (part: number, whole: number) => Number(((100 * part) / whole).toFixed(1));
