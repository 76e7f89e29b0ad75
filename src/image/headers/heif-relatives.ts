/** The items that belong to a picture: what it is made of, smaller copies and planes beside it. */
import { fourCC } from './bytes.ts';
import type { Tables } from './heif-items.ts';

const DIMG = fourCC('dimg');
const THMB = fourCC('thmb');
const AUXL = fourCC('auxl');
const PREM = fourCC('prem');

/** A picture has one thumbnail or two, and one alpha plane, depth map or gain map or another. */
const MAX_RELATIVES = 8;

export interface Family {
  /** What the item is made of: a grid's tiles, or the one that `iden` takes as it is. */
  readonly sources: readonly number[];
  readonly thumbnails: readonly number[];
  readonly auxiliaries: readonly number[];
  /** Those auxiliaries that the picture was multiplied by. */
  readonly multiplied: readonly number[];
}

/** A grid refers to its tiles; a thumbnail and an alpha plane refer to their picture (ISO/IEC 23008-12 §6.4, §6.6). */
export function relativesOf(tables: Tables, item: number): Family {
  const all = tables.references();
  const referringAs = (type: number | undefined) =>
    all
      .filter((reference) => reference.type === type && reference.to.includes(item))
      .map(({ from }) => from)
      .slice(0, MAX_RELATIVES);
  const referred = (type: number) => all.filter((one) => one.type === type && one.from === item);
  const derivations = referred(DIMG);
  return {
    sources: derivations.length === 1 ? (derivations[0]?.to ?? []) : [],
    thumbnails: referringAs(THMB),
    auxiliaries: referringAs(AUXL),
    multiplied: referred(PREM).flatMap(({ to }) => to.slice(0, MAX_RELATIVES)),
  };
}
