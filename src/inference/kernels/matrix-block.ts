/**
 * The inner kernel of a matrix product: a block of 4 rows of the result by 8 columns, or by 4.
 *
 * A step of k loads 8 columns of b into 2 registers and one float from each of a's 4 rows, and adds to 8 sums. V8 in
 * workerd checks every address against the memory's size before it loads, so loads are what costs: four steps of a row
 * of a are loaded at once and spread by shuffles, which are not loads. That makes 12 loads for 32 products of vectors.
 * Registers: 8 sums, 4 of a, 2 of b, 1 of a's float spread, so 15 of the 16 of x86-64; 6×8, 5×8, 4×12 and 3×12 need
 * more, spill, and are slower with bounds checks (bench/README.md). Loads are written where they are used, and V8's
 * compiler leaves them there.
 */
import {
  add,
  and,
  bytes,
  func,
  increase,
  less,
  loadSplat,
  loadVector,
  multiplyAdd,
  repeat,
  set,
  spread,
  storeVector,
  upTo,
  vectorAdd,
  vectorMost,
  when,
} from './wat.ts';

export const ROWS = 4;
const FLOATS_IN_A_VECTOR = 4;
const VECTOR_BYTES = 16;

/** Steps of k for which a row of a is loaded at once. */
const STEPS = 4;

/**
 * `c[4][n] = max(low, bias[4] + a[4][k] · b[k][n] (+ c))`, one block of columns after the other.
 *
 * Addresses and pitches are in bytes. `n` is a multiple of the block's columns and may be 0; `beta` says whether the
 * contents of c are added; `low` is 0 four times for relu, or −∞.
 *
 * @param vectors registers of 4 columns in a block
 */
export function matrixBlock(name: string, vectors: 1 | 2): string {
  const [rows, columns] = [upTo(ROWS), upTo(vectors)];
  const width = VECTOR_BYTES * vectors;
  const sum = (row: number, column: number) => `$sum${row}${column}`;
  const everySum = (statement: (row: number, column: number) => string) =>
    rows.map((row) => columns.map((column) => statement(row, column)));
  /** For each row of c in turn, at `$row`. */
  const everyRowOfC = (statements: (row: number) => readonly string[]) => [
    set('$row', '$c'),
    rows.map((row) => [...statements(row), ...(row < ROWS - 1 ? [increase('$row', '$ldc')] : [])]),
  ];
  const loadB = [
    columns.map((column) => set(`$b${column}`, loadVector('$step', VECTOR_BYTES * column))),
    increase('$step', '$ldb'),
  ];
  const addProducts = (row: number) =>
    columns.map((column) => set(sum(row, column), multiplyAdd('$factor', `$b${column}`, sum(row, column))));

  return func(
    name,
    'a lda k b ldb c ldc n bias beta: i32, low: v128',
    `end aEnd aEndOfFours step row: i32, factor: v128,
     ${rows.map((row) => `a${row}: i32, four${row}: v128`)},
     ${columns.map((column) => `b${column}`).join(' ')} ${everySum((row, column) => sum(row, column).slice(1))
       .flat()
       .join(' ')}: v128`,
    [
      set('$end', add('$b', bytes('$n'))),
      set('$aEnd', add('$a', bytes('$k'))),
      set('$aEndOfFours', add('$a', bytes(and('$k', -STEPS)))),
      when(less('$b', '$end'), [
        repeat(
          '$blocks',
          [
            rows.map((row) => [
              set(sum(row, 0), loadSplat('$bias', 4 * row)),
              columns.slice(1).map((column) => set(sum(row, column), sum(row, 0))),
            ]),
            when(
              '$beta',
              everyRowOfC((row) =>
                columns.map((column) =>
                  set(
                    sum(row, column),
                    vectorAdd(sum(row, column), loadVector('$row', VECTOR_BYTES * column)),
                  ),
                ),
              ),
            ),
            set('$a0', '$a'),
            set('$step', '$b'),
            rows.slice(1).map((row) => set(`$a${row}`, add(`$a${row - 1}`, '$lda'))),
            when(less('$a0', '$aEndOfFours'), [
              repeat(
                '$fours',
                [
                  rows.map((row) => set(`$four${row}`, loadVector(`$a${row}`))),
                  upTo(STEPS).map((lane) => [
                    loadB,
                    rows.map((row) => [set('$factor', spread(`$four${row}`, lane)), addProducts(row)]),
                  ]),
                  rows.map((row) => increase(`$a${row}`, 4 * STEPS)),
                ],
                less('$a0', '$aEndOfFours'),
              ),
            ]),
            when(less('$a0', '$aEnd'), [
              repeat(
                '$ones',
                [
                  loadB,
                  rows.map((row) => [
                    set('$factor', loadSplat(`$a${row}`)),
                    addProducts(row),
                    increase(`$a${row}`, 4),
                  ]),
                ],
                less('$a0', '$aEnd'),
              ),
            ]),
            everyRowOfC((row) =>
              columns.map((column) =>
                storeVector('$row', vectorMost(sum(row, column), '$low'), VECTOR_BYTES * column),
              ),
            ),
            increase('$c', width),
            increase('$b', width),
          ],
          less('$b', '$end'),
        ),
      ]),
    ],
  );
}

/** Columns of the wider block. */
export const BLOCK_COLUMNS = 2 * FLOATS_IN_A_VECTOR;
/** Columns of the narrower block. */
export const NARROW_COLUMNS = FLOATS_IN_A_VECTOR;
