/** What CSV and NDJSON have in common for answers by the labels of a collection. */

/** Tag of pictures that resemble none of the labels. */
const UNKNOWN = 'unknown';

/** The folder that such a picture is sorted into. */
export function folderOf({
  unknown,
  label,
}: {
  readonly unknown: boolean;
  readonly label: string | undefined;
}): readonly string[] {
  return unknown || label === undefined || label === '' ? [UNKNOWN] : [label];
}

/** @throws if a line belongs to another collection than the requested one, because labels would mix. */
export function requireCollection(wanted: string | undefined, found: string | undefined): void {
  if (found === wanted) return;
  const of = (name: string | undefined) => (name === undefined ? 'no collection' : `the collection ${name}`);
  throw new Error(
    `It holds answers by ${of(found)}, and ${of(wanted)} is asked now. Name another file, or the same collection.`,
  );
}
