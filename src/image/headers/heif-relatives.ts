/** The items that belong to a picture: its tiles, smaller copies and planes beside it. */
import { fourCC } from './bytes.ts';
import { references, type Tables } from './heif-items.ts';

const DIMG = fourCC('dimg');
const THMB = fourCC('thmb');
const AUXL = fourCC('auxl');

/** A picture has one thumbnail or two, and one alpha plane, depth map or gain map or another. */
const MAX_RELATIVES = 8;

export interface Family {
  readonly tiles: readonly number[];
  readonly thumbnails: readonly number[];
  readonly auxiliaries: readonly number[];
}

/** A grid refers to its tiles; a thumbnail and an alpha plane refer to their picture (ISO/IEC 23008-12 §6.4, §6.6). */
export function relativesOf(tables: Tables, primary: number): Family {
  const all = references(tables);
  const referringAs = (type: number | undefined) =>
    all
      .filter((reference) => reference.type === type && reference.to.includes(primary))
      .map(({ from }) => from)
      .slice(0, MAX_RELATIVES);
  const tiles = all.filter(({ type, from }) => type === DIMG && from === primary);
  return {
    tiles: tiles.length === 1 ? (tiles[0]?.to ?? []) : [],
    thumbnails: referringAs(THMB),
    auxiliaries: referringAs(AUXL),
  };
}
