/** The item with the picture that a file shows: the primary one, or the one that it is derived from unchanged. */
import type { Box } from './boxes.ts';
import { fourCC } from './bytes.ts';
import { propertiesOf, type Tables } from './heif-items.ts';
import { type Family, relativesOf } from './heif-relatives.ts';
import { isTransformation } from './heif-transformations.ts';

const IDENTITY = fourCC('iden');

/** Maximum number of identity derivations in a row; programs use one. */
const MAX_IDENTITIES = 4;

const NOBODY = { thumbnails: [], auxiliaries: [], multiplied: [] } as const;

export interface Subject {
  readonly id: number;
  /** Its tiles; and the copies and planes that belong to it, or to an item that uses it unchanged. */
  readonly family: Family;
  /** Its transformations in order: its own, then those of the items that use it unchanged. */
  readonly transformations: readonly Box[];
}

/**
 * Follows identity derivations (ISO/IEC 23008-12 §6.6.2.1).
 *
 * @param types of all items.
 */
export function subjectOf(tables: Tables, types: ReadonlyMap<number, number>, primary: number): Subject {
  const outer: Box[] = [];
  let id = primary;
  let around: Pick<Family, 'thumbnails' | 'auxiliaries' | 'multiplied'> = NOBODY;
  for (let taken = 0; ; taken++) {
    const inner = relativesOf(tables, id);
    const family = {
      sources: inner.sources,
      thumbnails: [...around.thumbnails, ...inner.thumbnails],
      auxiliaries: [...around.auxiliaries, ...inner.auxiliaries],
      multiplied: [...around.multiplied, ...inner.multiplied],
    };
    const own = (propertiesOf(tables, new Set([id])).get(id) ?? []).filter(isTransformation);
    const [source, second] = family.sources;
    if (
      types.get(id) !== IDENTITY ||
      source === undefined ||
      second !== undefined ||
      taken === MAX_IDENTITIES
    ) {
      return { id, family, transformations: [...own, ...outer] };
    }
    outer.unshift(...own);
    around = family;
    id = source;
  }
}
