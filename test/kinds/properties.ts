/** What distinguishes kinds of pictures, as far as header readers can tell: names and values, except sizes. */
import type { ImageHeader } from '../../src/image/header.ts';

export type Properties = Readonly<Record<string, string>>;

/** Numbers that are properties of the kind and not of the individual picture. */
const NUMBERS: ReadonlySet<string> = new Set(['components', 'bitDepth', 'samplesPerPixel']);
/** Turning upright comes after decoding, and `orientation` has its own rows. */
const NOT_OF_THE_KIND: ReadonlySet<string> = new Set(['format', 'orientation', 'space']);

/** Every string and boolean of a header, and the numbers above, also one level down. */
export function propertiesOf(header: ImageHeader): Properties {
  return Object.fromEntries(
    Object.entries(header).flatMap(([name, value]) => {
      if (NOT_OF_THE_KIND.has(name)) return [];
      if (isWord(value) || NUMBERS.has(name)) return [[name, String(value)]];
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value)
        .filter(([, inner]) => isWord(inner))
        .map(([inner, word]) => [`${name}.${inner}`, String(word)]);
    }),
  );
}

function isWord(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean';
}
