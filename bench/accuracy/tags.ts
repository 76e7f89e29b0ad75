/** How often groups and tags are right, on photos of known class. */
import type { Classification } from '../../client/answers.ts';
import { onLevel, pathDown, scoresOf, type Tree } from './tree.ts';

/** The answer for a photo, and the class that it shows. */
export interface Seen {
  readonly answer: Classification;
  readonly label: string;
}

/** Holds for many things, and is no tag by itself. */
const ROOF = 'object';
const LEVELS = [1, 2, 3, 4];
const THRESHOLDS = [0.51, 0.6, 0.7, 0.8, 0.9];
/** The Worker's default. */
const DEFAULT_THRESHOLD = 0.6;
/** Score from which a filter says yes. */
const FILTER_SCORE = 0.5;
/** With fewer photos of a group, the figures mean nothing. */
const FEW = 8;

export interface Row {
  readonly name: string;
  readonly of: number;
  readonly right: number;
}

interface Photo {
  /** The class and the groups that it is in. */
  readonly truth: readonly string[];
  readonly scores: ReadonlyMap<string, number>;
  readonly answer: Classification;
}

export function photosOf(seen: readonly Seen[], tree: Tree): readonly Photo[] {
  return seen.map(({ answer, label }) => ({
    answer,
    truth: tree.nodes.get(label)?.path ?? [],
    scores: scoresOf(answer, tree),
  }));
}

/** The likeliest on each level, compared with what the photo shows. */
export function levels(photos: readonly Photo[], tree: Tree): Row[] {
  const classes = [...tree.classOf.values()].map((name) => tree.nodes.get(name)?.path ?? []);
  return LEVELS.map((level) => {
    const names = new Set(classes.map((path) => onLevel(path, level) ?? ''));
    const right = photos.filter(({ scores, truth }) => likeliest(scores, names) === onLevel(truth, level));
    return { name: `level ${level} (${names.size})`, of: photos.length, right: right.length };
  });
}

function likeliest(scores: ReadonlyMap<string, number>, names: ReadonlySet<string>): string {
  let best = '';
  for (const name of names) if ((scores.get(name) ?? 0) > (scores.get(best) ?? 0)) best = name;
  return best;
}

export interface PathRow {
  readonly least: number;
  /** Photos with a tag, and the share of these whose tag is right. */
  readonly tagged: number;
  readonly right: number;
  /** The same for the first class alone, where its score is as high. */
  readonly named: number;
  readonly namedRight: number;
}

export function paths(photos: readonly Photo[], tree: Tree): PathRow[] {
  return THRESHOLDS.map((least) => {
    const tags = photos.map(({ scores, truth }) => ({ truth, tag: tagOf(pathDown(scores, tree, least)) }));
    const tagged = tags.filter(({ tag }) => tag !== undefined);
    const named = photos.filter(({ answer }) => (answer.predictions[0]?.score ?? 0) >= least);
    return {
      least,
      tagged: tagged.length,
      right: tagged.filter(({ tag, truth }) => tag !== undefined && truth.includes(tag)).length,
      named: named.length,
      namedRight: named.filter(({ answer, truth }) => truth.at(-1) === answer.predictions[0]?.label).length,
    };
  });
}

function tagOf(path: readonly string[]): string | undefined {
  const last = path.at(-1);
  return last === ROOF ? undefined : last;
}

/** Photos whose tags do not follow from the scores of their classes. */
export function differing(photos: readonly Photo[], tree: Tree): number {
  return photos.filter(({ answer, scores }) => {
    const path = pathDown(scores, tree, DEFAULT_THRESHOLD);
    const same = path.join() === answer.tags.map(({ name }) => name).join();
    return !same || (tagOf(path) ?? null) !== answer.tag;
  }).length;
}

export interface FilterRow {
  readonly name: string;
  readonly photos: number;
  /**
   * Precision and recall: of the photos that score enough, the share in the group; and of its photos, the share that
   * score enough.
   */
  readonly found: number;
  readonly foundRight: number;
}

/** Whether a photo is in a group, by the group's score. */
export function filters(photos: readonly Photo[], tree: Tree): FilterRow[] {
  return tree.groups
    .filter(({ level }) => level <= 2)
    .map(({ name }) => {
      const found = photos.filter(({ scores }) => (scores.get(name) ?? 0) >= FILTER_SCORE);
      return {
        name,
        photos: photos.filter(({ truth }) => truth.includes(name)).length,
        found: found.length,
        foundRight: found.filter(({ truth }) => truth.includes(name)).length,
      };
    })
    .filter((row) => row.photos >= FEW)
    .sort((a, b) => b.photos - a.photos);
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly right: number;
}

/** How often the first class is right, and how often a group is, by tenths of the score. */
export function reliability(photos: readonly Photo[], tree: Tree): { first: Bin[]; groups: Bin[] } {
  const first = photos.flatMap(
    ({
      answer: {
        predictions: [best],
      },
      truth,
    }) => (best ? [{ score: best.score, right: truth.at(-1) === best.label }] : []),
  );
  const groups = photos.flatMap(({ scores, truth }) =>
    tree.groups.map(({ name }) => ({ score: scores.get(name) ?? 0, right: truth.includes(name) })),
  );
  return { first: inTenths(first), groups: inTenths(groups) };
}

function inTenths(scored: readonly { readonly score: number; readonly right: boolean }[]): Bin[] {
  return Array.from({ length: 10 }, (_, tenth) => {
    const bin = scored.filter(({ score }) => Math.min(9, Math.floor(score * 10)) === tenth);
    return {
      from: tenth / 10,
      to: (tenth + 1) / 10,
      count: bin.length,
      right: bin.filter(({ right }) => right).length,
    };
  });
}
