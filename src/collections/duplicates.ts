/** Finds items that are copies of older ones: among those just added, and among all, page by page. */
import { ok, type Result } from '../failure.ts';
import { type CopyQuestion, type CopyRow, type Original, originalsOf } from './copy-search.ts';
import type { Added, NewItem, Outcome } from './item.ts';
import type { BitsBlock } from './item-bits.ts';

/** The requested page. */
export interface DuplicatesQuery {
  /** The page begins after this position. */
  readonly after: number;
  /** Most duplicates to list. */
  readonly limit: number;
}

/** An item that is a copy of an older one. */
export interface Duplicate {
  readonly id: string;
  readonly label: string | null;
  readonly original: Original;
}

export interface DuplicatesPage {
  /** In the order in which they were added. */
  readonly duplicates: readonly Duplicate[];
  /** Where the next page begins; undefined on the last page. */
  readonly after?: number;
}

/** An item that is checked for being a copy. */
export interface ItemOfPart extends CopyQuestion {
  readonly position: number;
  readonly label: string | null;
}

export interface CopyQuestionPage {
  readonly questions: readonly ItemOfPart[];
  /** Where the next page begins; undefined if there is none. */
  readonly after?: number;
}

/**
 * The most that a page costs an object: each item on it is compared with all others by their bits, which takes some two
 * milliseconds for 100,000, and with a few by their vectors.
 */
const MOST_COMPARISONS = 4_000_000;
const MOST_ITEMS = 500;

/** How many items are compared for a page. @param items of the object in which each is looked for. */
export function partOf(items: number): number {
  return Math.max(1, Math.min(MOST_ITEMS, Math.floor(MOST_COMPARISONS / Math.max(1, items))));
}

export function copyQuestions(sql: SqlStorage, { after, limit }: DuplicatesQuery): CopyQuestionPage {
  const rows = sql
    .exec<CopyRow>(
      'SELECT position, id, label, vector, fingerprint, added FROM items WHERE position > ? ORDER BY position LIMIT ?',
      after,
      // One more tells whether there is a next page.
      limit + 1,
    )
    .toArray();
  const part = rows.slice(0, limit);
  const last = part.at(-1);
  return {
    questions: part.map(({ position, id, label, vector, fingerprint, added }) => ({
      ...{ position, label },
      age: { added, id },
      vector: new Int8Array(vector),
      ...(fingerprint === null ? {} : { fingerprint: new Uint8Array(fingerprint) }),
    })),
    ...(rows.length > limit && last !== undefined ? { after: last.position } : {}),
  };
}

/**
 * An item's position never changes, and its original is always an older item. So items that are added meanwhile come at
 * the end, removed ones are missing, and nothing is listed twice.
 *
 * @param blocks the bits of all items.
 * @param items their number.
 */
export function duplicatesOf(
  sql: SqlStorage,
  blocks: () => Iterable<BitsBlock>,
  items: number,
  { after, limit }: DuplicatesQuery,
): DuplicatesPage {
  const part = copyQuestions(sql, { after, limit: partOf(items) });
  const questions = part.questions.map((question) => ({
    ...question,
    age: { ...question.age, position: question.position },
  }));
  return pageOf(part, originalsOf(sql, blocks(), questions), limit);
}

/** @param originals of the page's items, in order. */
export function pageOf(
  { questions, after }: CopyQuestionPage,
  originals: readonly (Original | undefined)[],
  limit: number,
): DuplicatesPage {
  const duplicates: Duplicate[] = [];
  for (const [index, { position, label, age }] of questions.entries()) {
    const original = originals[index];
    if (original === undefined) continue;
    duplicates.push({ id: age.id, label, original });
    const isLast = index + 1 === questions.length && after === undefined;
    if (duplicates.length === limit && !isLast) return { duplicates, after: position };
  }
  return { duplicates, ...(after === undefined ? {} : { after }) };
}

/**
 * The results for added items, with the original of each that requests it.
 *
 * @param blocks the bits of all items, called only if they are needed.
 * @param outcomes in the order of the items.
 */
export function addedOf(
  sql: SqlStorage,
  blocks: () => Iterable<BitsBlock>,
  items: readonly NewItem[],
  outcomes: readonly Result<Outcome>[],
): Result<Added>[] {
  const questions: CopyQuestion[] = [];
  const added = outcomes.map((outcome, index): Result<Added> => {
    const item = items[index];
    if (!outcome.ok || item === undefined)
      return outcome.ok ? ok({ status: outcome.value, added: 0 }) : outcome;
    const { id, vector, fingerprint, copies = true } = item;
    const age = { id, ...placeOf(sql, id) };
    if (copies) questions.push({ age, vector, ...(fingerprint === undefined ? {} : { fingerprint }) });
    return ok({ status: outcome.value, added: age.added });
  });
  if (questions.length === 0) return added;
  const originals = originalsOf(sql, blocks(), questions)[Symbol.iterator]();
  return added.map((one, index) => {
    if (!one.ok || items[index]?.copies === false) return one;
    const { value: copyOf } = originals.next();
    return copyOf === undefined ? one : ok({ ...one.value, copyOf });
  });
}

function placeOf(sql: SqlStorage, id: string): { position: number; added: number } {
  return sql
    .exec<{ position: number; added: number }>('SELECT position, added FROM items WHERE id = ?', id)
    .one();
}
