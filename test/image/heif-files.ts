/** Files of pictures that were encoded elsewhere, in boxes that a test chooses. */
import { codedPieces } from '../../src/image/heif/coded.ts';
import type { CodedPicture } from '../../src/image/heif/container.ts';
import { box, type HeifFile, heif, type Item, ispe } from './boxes.ts';
import { bytesOf } from './headers.ts';
import { headerOf } from './stills.ts';

/** The only picture of a file. */
export function single(bytes: Uint8Array): CodedPicture {
  const header = headerOf(bytes);
  if (header.format !== 'heic' && header.format !== 'avif') throw new Error(header.format);
  const [picture] = codedPieces(bytes, header, header.itemId)?.pictures ?? [];
  if (picture === undefined) throw new Error('not in one piece');
  return picture;
}

/** A file of items with data, one after the other in `mdat`. */
export function fileOf(
  format: 'heic' | 'avif',
  items: readonly (Item & { readonly coded?: Uint8Array })[],
  references: NonNullable<HeifFile['references']>,
  idat: Uint8Array = new Uint8Array(),
): Uint8Array {
  const build = (start: number) => {
    let at = start;
    const located = items.map(({ coded, ...item }) => {
      if (coded === undefined) return item;
      at += coded.length;
      return { ...item, data: { at: at - coded.length, bytes: coded.length } };
    });
    const data = bytesOf(...items.flatMap(({ coded }) => coded ?? []));
    return heif({ brands: [format, 'mif1'], items: located, references, idat, after: [box('mdat', data)] });
  };
  const dataBytes = items.reduce((sum, { coded }) => sum + (coded?.length ?? 0), 0);
  return build(build(0).length - dataBytes);
}

export function heifOf(
  { format, width, height, configuration, data }: CodedPicture,
  more: readonly Uint8Array[],
) {
  const type = format === 'heic' ? 'hvc1' : 'av01';
  return fileOf(
    format,
    [{ id: 1, type, properties: [configuration, ispe(width, height), ...more], coded: data }],
    [],
  );
}
