/**
 * Writes the weights of a block of filters as floats, from the int8 values that ship (`filter-blocks.ts`).
 *
 * They are needed once for each panel of a map, and a panel takes long enough that this costs a twentieth of it. Weights
 * that were floats in memory would have to come from farther away: a run reads all of them once, and they do not fit
 * into the nearer caches.
 */
import { FILTERS_IN_A_BLOCK, FILTERS_IN_LAST_BLOCK } from './filter-blocks.ts';
import { floatsOf, maskOf, UNSHIFT } from './int8.ts';
import {
  add,
  bytes,
  func,
  increase,
  less,
  load,
  loadBytes,
  loadVector,
  multiply,
  type Operand,
  repeat,
  set,
  shuffle,
  storeVector,
  subtract,
  upTo,
  vector,
  vectorMultiply,
} from './wat.ts';

const [FLOATS_IN_A_VECTOR, VECTOR_BYTES] = [4, 16];

type Filters = typeof FILTERS_IN_A_BLOCK | typeof FILTERS_IN_LAST_BLOCK;

/** Where the scales of int8 weights are, and the word that says whether weights are int8. */
export const scalesAt = (base: Operand, filters: Operand, k: Operand): string =>
  add(base, multiply(filters, k));
export const markOf = (base: Operand, filters: Operand, k: Operand): string =>
  load(subtract(add(base, bytes(multiply(filters, k))), 4));

export const unpackName = (filters: number) => `$unpack${filters}`;

/**
 * `to[i] = scale · from[i]` for the `filters` · `k` values of a block. `k` is rounded up to a multiple of 4: that many
 * floats are written, and up to 16 bytes are read that belong to what follows.
 *
 * @param filters how many the block has: as many vectors hold their weights for four inputs
 */
function unpack(filters: Filters): string {
  const parts = upTo(filters);
  const scaleOf = (part: number) =>
    upTo(FLOATS_IN_A_VECTOR).map((lane) => (FLOATS_IN_A_VECTOR * part + lane) % filters);
  return func(
    unpackName(filters),
    'from scales to k: i32',
    `end: i32, bytes scales0 ${parts.map((part) => `mask${part} scale${part}`).join(' ')}: v128`,
    [
      set('$scales0', vectorMultiply(loadVector('$scales'), vector(UNSHIFT))),
      parts.map((part) => [
        set(`$mask${part}`, maskOf(part)),
        set(`$scale${part}`, shuffle('$scales0', '$scales0', scaleOf(part))),
      ]),
      set('$end', add('$from', multiply('$k', filters))),
      repeat(
        '$steps',
        [
          set('$bytes', loadBytes('$from')),
          parts.map((part) =>
            storeVector(
              '$to',
              vectorMultiply(floatsOf('$bytes', `$mask${part}`), `$scale${part}`),
              VECTOR_BYTES * part,
            ),
          ),
          increase('$from', FLOATS_IN_A_VECTOR * filters),
          increase('$to', VECTOR_BYTES * filters),
        ],
        less('$from', '$end'),
      ),
    ],
  );
}

export const UNPACKED_FILTERS: readonly string[] = [
  unpack(FILTERS_IN_A_BLOCK),
  unpack(FILTERS_IN_LAST_BLOCK),
];
