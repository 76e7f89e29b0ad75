/** The pictures that `setup.ts` has drawn, for tests inside workerd. */
import { inject } from 'vitest';
import type {} from './context.ts';

/** Files of the crossword in every encoding, as `crossword.png-rgb8`, and some others as JPEG. */
export function provided(name: string): Uint8Array {
  const base64 = inject('pictures')[name];
  if (base64 === undefined) throw new Error(`test/pictures/setup.ts draws no ${name}`);
  return Uint8Array.fromBase64(base64);
}

export function providedNames(): string[] {
  return Object.keys(inject('pictures'));
}
