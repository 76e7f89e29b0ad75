/** Writes HEIC and AVIF files, box by box, for tests (ISO/IEC 14496-12, 23008-12). */
import { be16, be32, bytesOf } from './headers.ts';

type Part = number | string | readonly number[] | Uint8Array;

export function box(type: string, ...payload: readonly Part[]): Uint8Array {
  const bytes = bytesOf(...payload);
  return bytesOf(be32(8 + bytes.length), type, bytes);
}

export function fullBox(
  type: string,
  version: number,
  flags: number,
  ...payload: readonly Part[]
): Uint8Array {
  return box(type, be32(((version << 24) | flags) >>> 0), ...payload);
}

export function ftyp(major: string, ...compatible: readonly string[]): Uint8Array {
  return box('ftyp', major, be32(0), ...compatible);
}

export const ispe = (width = 640, height = 480) => fullBox('ispe', 0, 0, be32(width), be32(height));
export const irot = (quarters: number) => box('irot', quarters);
export const imir = (axis: number) => box('imir', axis);
/** Width and height of the clean aperture, and the offset of its centre from the picture's. */
export const clap = (width: number, height: number, { right, down } = { right: 0, down: 0 }) =>
  box('clap', ...[width, 1, height, 1, right >>> 0, 1, down >>> 0, 1].map(be32));
export const nclx = ({ matrix = 6, fullRange = true } = {}) =>
  box('colr', 'nclx', be16(1), be16(13), be16(matrix), fullRange ? 0x80 : 0);
export const auxC = (name: string) => fullBox('auxC', 0, 0, name, 0);
export const hvcC = ({ bits = 8, chroma = 1 } = {}) =>
  box('hvcC', 1, new Uint8Array(15), 0xfc | chroma, 0xf8 | (bits - 8), 0xf8 | (bits - 8), new Uint8Array(4));
export const av1C = (flags = 0x0c) => box('av1C', 0x81, 0, flags, 0);

export interface Item {
  readonly id: number;
  readonly type: string;
  readonly properties?: readonly Uint8Array[];
  /** Where its data are: in the file or, with method 1, in `idat`. */
  readonly data?: { readonly method?: number; readonly at: number; readonly bytes: number };
}

export interface HeifFile {
  readonly brands?: readonly [string, ...string[]];
  readonly primary?: number;
  readonly items?: readonly Item[];
  /** Type, from, to. */
  readonly references?: readonly (readonly [type: string, from: number, ...to: number[]])[];
  readonly idat?: Uint8Array;
  /** What follows the `meta` box. */
  readonly after?: readonly Uint8Array[];
}

/** The only item of a picture that is coded as a whole. */
export const PICTURE: Item = { id: 1, type: 'hvc1', properties: [hvcC(), ispe()] };

/** The data of a grid item (23008-12 §6.6.2.3.2). */
export function gridData(columns: number, rows: number, width: number, height: number): Uint8Array {
  return bytesOf(0, 0, rows - 1, columns - 1, be16(width), be16(height));
}

export function heif({
  brands = ['heic', 'mif1'],
  primary = 1,
  items = [PICTURE],
  references = [],
  idat = new Uint8Array(),
  after = [],
}: HeifFile = {}): Uint8Array {
  const located = items.filter(({ data }) => data !== undefined);
  const meta = fullBox(
    'meta',
    0,
    0,
    fullBox('hdlr', 0, 0, be32(0), 'pict', new Uint8Array(13)),
    fullBox('pitm', 0, 0, be16(primary)),
    // Four bytes each for offset and length, none for base and index.
    fullBox('iloc', 1, 0, [0x44, 0], be16(located.length), ...located.map(location)),
    fullBox('iinf', 0, 0, be16(items.length), ...items.map(entry)),
    box('iprp', ...properties(items)),
    ...(references.length > 0 ? [fullBox('iref', 0, 0, ...references.map(reference))] : []),
    box('idat', idat),
  );
  return bytesOf(ftyp(...brands), meta, ...after);
}

function entry({ id, type }: Item): Uint8Array {
  return fullBox('infe', 2, 0, be16(id), be16(0), type, 0);
}

function location({ id, data }: Item): Uint8Array {
  const { method = 0, at, bytes } = data ?? { at: 0, bytes: 0 };
  return bytesOf(be16(id), be16(method), be16(0), be16(1), be32(at), be32(bytes));
}

/** Every item has its own boxes in `ipco`. */
function properties(items: readonly Item[]): [ipco: Uint8Array, ipma: Uint8Array] {
  const all = items.flatMap((item) => item.properties ?? []);
  let index = 0;
  const associations = items.map(({ id, properties: own = [] }) => {
    const indices = own.map(() => ++index);
    return bytesOf(be16(id), own.length, indices);
  });
  return [box('ipco', ...all), fullBox('ipma', 0, 0, be32(items.length), ...associations)];
}

function reference([type, from, ...to]: readonly [string, number, ...number[]]): Uint8Array {
  return box(type, be16(from), be16(to.length), ...to.map(be16));
}
