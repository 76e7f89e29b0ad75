/**
 * The tables of a `meta` box (ISO/IEC 14496-12 §8.11): the items, their types, their references to each other, and
 * their properties; `heif-locations.ts` reads where their data are.
 *
 * Every table is read a small number of times and for few items, whatever it says of others; the references, which are
 * followed from item to item, are read once.
 */
import type { ByteRange } from '../header.ts';
import { type Box, boxesIn, MAX_TABLE_BYTES, onlyBox, readerOf, versionAndFlags } from './boxes.ts';
import { fourCC } from './bytes.ts';

const PITM = fourCC('pitm');
const IINF = fourCC('iinf');
const INFE = fourCC('infe');
const IREF = fourCC('iref');
const IDAT = fourCC('idat');
const IPRP = fourCC('iprp');
const IPCO = fourCC('ipco');
const IPMA = fourCC('ipma');

/** One for each version and width of indices (23008-12 §9.3.1). */
const MAX_ASSOCIATION_TABLES = 4;

/** The boxes within `meta`. */
export interface Tables {
  readonly bytes: Uint8Array;
  readonly boxes: readonly Box[];
  /** The references between items. */
  readonly references: () => readonly Reference[];
}

export function tablesIn(bytes: Uint8Array, meta: Box): Tables {
  const boxes = boxesIn(bytes, meta.start + 4, meta.end).filter(
    (box) => box.type === IDAT || box.type === IPRP || isTable(box),
  );
  let read: readonly Reference[] | undefined;
  const references = () => {
    read ??= readReferences(bytes, boxes);
    return read;
  };
  return { bytes, boxes, references };
}

/** The other boxes hold data too: pixels in `idat`, colour profiles in `iprp`. */
function isTable({ start, end }: Box): boolean {
  return end - start <= MAX_TABLE_BYTES;
}

/** The primary item (§8.11.4), and where its ID is. */
export function primaryItem({ bytes, boxes }: Tables): { id: number; place: ByteRange } | undefined {
  const box = onlyBox(boxes, PITM);
  if (box === undefined) return undefined;
  const reader = readerOf(bytes, box);
  const idBytes = versionAndFlags(reader).version === 0 ? 2 : 4;
  const start = reader.at();
  const id = reader.uint(idBytes);
  return reader.overran() ? undefined : { id, place: { start, end: start + idBytes } };
}

/** The types of all items, from `iinf` and its `infe` boxes of versions 2 and 3 (§8.11.6). */
export function itemTypes({ bytes, boxes }: Tables): ReadonlyMap<number, number> {
  const types = new Map<number, number>();
  const box = onlyBox(boxes, IINF);
  if (box === undefined) return types;
  const reader = readerOf(bytes, box);
  reader.skip(versionAndFlags(reader).version === 0 ? 2 : 4);
  for (const entry of boxesIn(bytes, reader.at(), box.end)) {
    if (entry.type !== INFE) continue;
    const fields = readerOf(bytes, entry);
    const { version } = versionAndFlags(fields);
    const id = fields.uint(version === 2 ? 2 : 4);
    fields.skip(2);
    const type = fields.uint(4);
    if (version >= 2 && !fields.overran()) types.set(id, type);
  }
  return types;
}

export interface Reference {
  readonly type: number;
  readonly from: number;
  readonly to: readonly number[];
}

/** The references (§8.11.12). The whole table is bounded, so these are too. */
function readReferences(bytes: Uint8Array, boxes: readonly Box[]): readonly Reference[] {
  const box = onlyBox(boxes, IREF);
  if (box === undefined) return [];
  const reader = readerOf(bytes, box);
  const idBytes = versionAndFlags(reader).version === 0 ? 2 : 4;
  return boxesIn(bytes, reader.at(), box.end).map((reference) => {
    const fields = readerOf(bytes, reference);
    const from = fields.uint(idBytes);
    const count = fields.uint(2);
    const to: number[] = [];
    for (let i = 0; i < count && !fields.overran(); i++) to.push(fields.uint(idBytes));
    return { type: reference.type, from, to };
  });
}

/**
 * The properties of some items in the order in which they apply (ISO/IEC 23008-12 §9.3).
 *
 * @returns for each of `ids` that has any, its property boxes.
 */
export function propertiesOf(
  { bytes, boxes }: Tables,
  ids: ReadonlySet<number>,
): ReadonlyMap<number, readonly Box[]> {
  const found = new Map<number, Box[]>();
  const iprp = onlyBox(boxes, IPRP);
  if (iprp === undefined) return found;
  const parts = boxesIn(bytes, iprp.start, iprp.end);
  const ipco = onlyBox(parts, IPCO);
  if (ipco === undefined) return found;
  const properties = boxesIn(bytes, ipco.start, ipco.end);

  const tables = parts.filter((box) => box.type === IPMA && isTable(box));
  for (const ipma of tables.slice(0, MAX_ASSOCIATION_TABLES)) {
    const reader = readerOf(bytes, ipma);
    const { version, flags } = versionAndFlags(reader);
    const wide = (flags & 1) === 1;
    const entries = reader.uint(4);
    for (let entry = 0; entry < entries && !reader.overran(); entry++) {
      const id = reader.uint(version === 0 ? 2 : 4);
      const count = reader.uint(1);
      const isSecond = found.has(id);
      if (!ids.has(id) || isSecond) {
        reader.skip(count * (wide ? 2 : 1));
        // Naming it twice is not allowed (23008-12 §9.3.1), and readers differ in which one they use.
        if (isSecond) found.set(id, []);
        continue;
      }
      // The first bit says whether the property is essential; the index counts from 1.
      const indices = Array.from({ length: count }, () =>
        wide ? reader.uint(2) & 0x7fff : reader.uint(1) & 0x7f,
      );
      const own = indices.flatMap((index) => properties[index - 1] ?? []);
      found.set(id, own);
    }
  }
  return found;
}
