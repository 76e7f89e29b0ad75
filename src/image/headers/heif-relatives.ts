/** The items that belong to a picture: its tiles, smaller copies, and auxiliary planes. */
import { fourCC } from './bytes.ts';
import type { Tables } from './heif-items.ts';

const DIMG = fourCC('dimg');
const THMB = fourCC('thmb');
const AUXL = fourCC('auxl');
const PREM = fourCC('prem');

/** A picture has one or two thumbnails, and one alpha plane, depth map, gain map or the like. */
const MAX_RELATIVES = 8;

export interface Family {
  /** The items that it is made of: a grid's tiles, or the one that `iden` uses unchanged. */
  readonly sources: readonly number[];
  readonly thumbnails: readonly number[];
  readonly auxiliaries: readonly number[];
  /** The auxiliaries that the picture is premultiplied by. */
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
