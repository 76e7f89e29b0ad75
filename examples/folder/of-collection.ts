/** What the two kinds of files have in common where answers are by the labels of a collection. */

/** For pictures that are like none of the labels. */
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

/** @throws where a line is of another collection than the one that is asked: labels would mix. */
export function requireCollection(wanted: string | undefined, found: string | undefined): void {
  if (found === wanted) return;
  const of = (name: string | undefined) => (name === undefined ? 'no collection' : `the collection ${name}`);
  throw new Error(
    `It holds answers by ${of(found)}, and ${of(wanted)} is asked now. Name another file, or the same collection.`,
  );
}
