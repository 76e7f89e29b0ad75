/**
 * The replacement of `MlasSgemmOperation`: a row times a matrix of int8 weights, as they ship. Only fully connected
 * layers call it; `weights.ts` writes their weights in this form. MLAS packs such a matrix again for each row, four
 * bytes per weight; here one byte of each is read once.
 */
import { floatsOf, maskOf, SHIFT, UNSHIFT } from './int8.ts';
import { LEFT_BYTES } from './left-behind.ts';
import {
  add,
  and,
  atLeast,
  bytes,
  during,
  float,
  floatAdd,
  floatMultiply,
  floatUnequal,
  func,
  greater,
  increase,
  increased,
  laneOf,
  less,
  loadByte,
  loadBytes,
  loadEightBytes,
  loadFloat,
  loadSplat,
  loadVector,
  multiply,
  multiplyAdd,
  or,
  repeat,
  type Statements,
  set,
  shiftLeft,
  storeFloat,
  storeVector,
  subtract,
  trapIf,
  unequal,
  upTo,
  vector,
  vectorMultiply,
  when,
  zero,
} from './wat.ts';

const VECTOR_BYTES = 16;

/** `CblasNoTrans`, as BLAS numbers it. */
const NOT_TRANSPOSED = 111;

/** Rows of b per pass, so that sums are loaded and stored once for eight products. */
const ROWS = 8;
/** Registers of floats that sixteen and eight bytes of a row become. */
const [SIXTEEN, EIGHT] = [4, 2];

/**
 * `c[n] = scale[n] · (a[k] · b[k][n]) + beta · c[n]`, for `k` a multiple of 8 and `beta` 0 or 1.
 *
 * `b` has k rows of n bytes, followed by a float32 scale for each column: less than the k × n floats that the graph
 * reserves. Sums of products are kept in the scratch memory until the last row. They are larger
 * by 2²⁴ until the end (`int8.ts`), which does not change their rounding.
 */
const rowProduct = func(
  '$rowProduct',
  'transA transB m n k: i32, alpha: f32, a lda b ldb: i32, beta: f32, c ldc scratch scratchBytes: i32',
  `at n16 sums scales: i32, bytes s0 s1 s2 s3 mask0 mask1 mask2 mask3: v128, sum: f32,
   ${upTo(ROWS)
     .map((row) => `b${row}`)
     .join(' ')}: i32, ${upTo(ROWS)
     .map((row) => `a${row}`)
     .join(' ')}: v128`,
  [
    trapIf(
      or(unequal('$transA', NOT_TRANSPOSED), unequal('$transB', NOT_TRANSPOSED)),
      unequal('$m', 1),
      unequal('$ldb', '$n'),
      or(less('$k', ROWS), and('$k', ROWS - 1)),
      floatUnequal('$alpha', float(1)),
      and(floatUnequal('$beta', float(0)), floatUnequal('$beta', float(1))),
      greater(bytes('$n'), subtract('$scratchBytes', LEFT_BYTES)),
    ),
    when(`(f32.eq (local.get $beta) ${float(0)})`, [zero('$c', bytes('$n'))]),
    zero('$scratch', bytes('$n')),
    set('$scales', add('$b', multiply('$k', '$n'))),
    set('$n16', and('$n', -16)),
    upTo(SIXTEEN).map((four) => set(`$mask${four}`, maskOf(four))),
    repeat(
      '$passes',
      [
        set('$b0', '$b'),
        upTo(ROWS).map((row) => [
          set(`$a${row}`, loadSplat('$a', 4 * row)),
          row > 0 ? [set(`$b${row}`, add(`$b${row - 1}`, '$n'))] : [],
        ]),
        set('$at', 0),
        set('$sums', '$scratch'),
        during('$sixteens', less('$at', '$n16'), addColumns(SIXTEEN)),
        when(and('$n', 8), addColumns(EIGHT)),
        during('$ones', less('$at', '$n'), [
          set('$sum', loadFloat('$sums')),
          upTo(ROWS).map((row) =>
            set('$sum', floatAdd('$sum', floatMultiply(laneOf(`$a${row}`, 0), byteOf(row)))),
          ),
          storeFloat('$sums', '$sum'),
          increase('$sums', 4),
          increase('$at', 1),
        ]),
        increase('$a', 4 * ROWS),
        set('$b', add(`$b${ROWS - 1}`, '$n')),
      ],
      increased('$k', -ROWS),
    ),
    set('$sums', '$scratch'),
    during('$fours', atLeast('$n', 4), [
      storeVector(
        '$c',
        multiplyAdd(
          vectorMultiply(loadVector('$sums'), vector(UNSHIFT)),
          loadVector('$scales'),
          loadVector('$c'),
        ),
      ),
      ['$c', '$sums', '$scales'].map((name) => increase(name, VECTOR_BYTES)),
      increase('$n', -4),
    ]),
    during('$rest', '$n', [
      storeFloat(
        '$c',
        floatAdd(loadFloat('$c'), floatMultiply(loadFloat('$sums'), loadFloat('$scales'), float(UNSHIFT))),
      ),
      ['$c', '$sums', '$scales'].map((name) => increase(name, 4)),
      set('$n', subtract('$n', 1)),
    ]),
  ],
  'exported',
);

function byteOf(row: number): string {
  return `(f32.convert_i32_s ${shiftLeft(loadByte(add(`$b${row}`, '$at')), SHIFT)})`;
}

/** Adds the products of all rows of the pass to 16 sums, or 8, from `$at` on. */
function addColumns(vectors: typeof SIXTEEN | typeof EIGHT): Statements {
  const sums = upTo(vectors).map((vector) => `$s${vector}`);
  return [
    sums.map((sum, vector) => set(sum, loadVector('$sums', VECTOR_BYTES * vector))),
    upTo(ROWS).map((row) => {
      const at = add(`$b${row}`, '$at');
      return [
        set('$bytes', vectors === EIGHT ? loadEightBytes(at) : loadBytes(at)),
        sums.map((sum, four) => set(sum, multiplyAdd(`$a${row}`, floatsOf('$bytes', `$mask${four}`), sum))),
      ];
    }),
    sums.map((sum, vector) => storeVector('$sums', sum, VECTOR_BYTES * vector)),
    increase('$sums', VECTOR_BYTES * vectors),
    increase('$at', 4 * vectors),
  ];
}

export const ROW_PRODUCT: readonly string[] = [rowProduct];
