import type { Pairing, Score } from './score.ts';
import type { Bin, FilterRow, PathRow, Row as TagRow } from './tags.ts';

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
    source: 'npm run eval',
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

/** Tables as the model card has them. */
export function levelTable(rows: readonly TagRow[]): string {
  return table(
    ['what is asked (answers there are)', 'right %'],
    rows.map(({ name, right, of }) => [name, share(right, of)]),
  );
}

export function pathTable(rows: readonly PathRow[], count: number): string {
  return table(
    [
      'least score',
      'photos with a tag %',
      'of them right %',
      'photos with a first class %',
      'of them right %',
    ],
    rows.map(({ least, tagged, right, named, namedRight }) => [
      `${least}`,
      share(tagged, count),
      share(right, tagged),
      share(named, count),
      share(namedRight, named),
    ]),
  );
}

export function filterTable(rows: readonly FilterRow[]): string {
  return table(
    ['group', 'photos', 'precision %', 'recall %'],
    rows.map(({ name, photos, found, foundRight }) => [
      name,
      `${photos}`,
      share(foundRight, found),
      share(foundRight, photos),
    ]),
  );
}

export function reliabilityTable({ first, groups }: Reliability<Bin>): string {
  return table(
    ['score', 'first classes', 'right %', 'groups', 'right %'],
    first.map(({ from, to, count, right }, tenth) => {
      const group = groups[tenth];
      return [
        `${from}–${to}`,
        `${count}`,
        share(right, count),
        `${group?.count}`,
        share(group?.right ?? 0, group?.count ?? 0),
      ];
    }),
  );
}

/** By tenths of the score. */
export interface Reliability<T> {
  readonly first: readonly T[];
  readonly groups: readonly T[];
}

/** In the form of `model/pipeline/reliability.json`. */
export function reliabilityData({ first, groups }: Reliability<Bin>, count: number) {
  const rows = (bins: readonly Bin[]) =>
    bins.map(({ from, to, count, right }) => ({
      from,
      to,
      count,
      right: count > 0 ? percent(right, count) : null,
    }));
  return {
    pictures: `${count} photos`,
    source: 'npm run eval -- FOLDER --json FILE',
    first_class: rows(first),
    groups: rows(groups),
  };
}

/** Markdown with numbers aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A percentage; empty if there is nothing to count. */
function share(part: number, whole: number): string {
  return whole === 0 ? '–' : percent(part, whole).toFixed(1);
}

const percent = (part: number, whole: number) => Number(((100 * part) / whole).toFixed(1));
