/**
 * The inner kernel of a matrix product: a block of 3 rows of the result by 12 columns, or others for what is left over.
 *
 * A step of k loads the columns of b into registers, and one vector with a float from each of a's rows, which shuffles
 * spread one by one; each goes into as many multiply-adds as there are vectors of columns. 3 × 12 takes 9 registers for
 * the sums, 3 for b and 2 for a, of the 15 that V8 uses of the 16 of x86-64. What limits it (bench/README.md has other
 * shapes):
 *
 * - A multiply-add takes four cycles and two begin in each, so there must be 8 sums or more.
 * - V8 in workerd checks every address against the memory's size before it loads, so a load is two instructions. At a
 *   constant offset it may need two more, so a's steps are added to its address instead.
 * - Shuffles and multiply-adds share ports. 3 × 12 has one shuffle for three multiply-adds, 4 × 8 one for two.
 *
 * Loads are written where they are used, and V8's compiler leaves them there.
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
  multiply,
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

const FLOATS_IN_A_VECTOR = 4;
const VECTOR_BYTES = 16;

/** Steps of k without a jump. */
const STEPS = 4;

/** Rows of a block, at most as many as a vector has floats, and columns in registers of 4. */
export interface Block {
  readonly rows: 3 | 4;
  readonly vectors: 1 | 2 | 3;
}

export const blockName = ({ rows, vectors }: Block) => `$block${rows}x${columnsOf(vectors)}`;
export const columnsOf = (vectors: Block['vectors']): number => FLOATS_IN_A_VECTOR * vectors;

/**
 * `c[rows][n] = max(low, bias[rows] + a[rows][k] · b[k][n] (+ c))`, one block of columns after the other.
 *
 * `a` has the rows' floats for one step of k next to each other, and is read up to one float past its end. Addresses and
 * pitches are in bytes. `n` is a multiple of the block's columns and may be 0; `beta` says whether the contents of c are
 * added; `low` is 0 several times for relu, or −∞.
 */
export function matrixBlock({ rows: rowCount, vectors }: Block): string {
  const [rows, columns] = [upTo(rowCount), upTo(vectors)];
  // With few sums each multiply-add would wait for the one before, so the steps of k take turns between two of each.
  const sets = upTo(vectors === 1 ? 2 : 1);
  const width = VECTOR_BYTES * vectors;
  const [stepOfA, blockOfA] = [4 * rowCount, 4 * rowCount * STEPS];
  const sum = (row: number, column: number, turn = 0) => `$sum${row}${column}${turn}`;
  const everySum = (statement: (row: number, column: number) => string) =>
    rows.map((row) => columns.map((column) => statement(row, column)));
  /** For each row of c in turn, at `$row`. */
  const everyRowOfC = (statements: (row: number) => readonly string[]) => [
    set('$row', '$c'),
    rows.map((row) => [...statements(row), ...(row < rowCount - 1 ? [increase('$row', '$ldc')] : [])]),
  ];
  /** One step of k, the given number of steps after `$atA`. */
  const step = (after: number, turn: number) => [
    columns.map((column) => set(`$b${column}`, loadVector('$atB', VECTOR_BYTES * column))),
    increase('$atB', '$ldb'),
    set('$four', loadVector(add('$atA', stepOfA * after))),
    rows.map((row) => [
      set('$factor', spread('$four', row)),
      columns.map((column) =>
        set(sum(row, column, turn), multiplyAdd('$factor', `$b${column}`, sum(row, column, turn))),
      ),
    ]),
  ];

  return func(
    blockName({ rows: rowCount, vectors }),
    'a k b ldb c ldc n bias beta: i32, low: v128',
    `end aEnd aEndOfBlocks atA atB row: i32, four factor: v128,
     ${columns.map((column) => `b${column}`).join(' ')} ${sets
       .flatMap((turn) => everySum((row, column) => sum(row, column, turn).slice(1)).flat())
       .join(' ')}: v128`,
    [
      set('$end', add('$b', bytes('$n'))),
      set('$aEnd', add('$a', multiply('$k', stepOfA))),
      set('$aEndOfBlocks', add('$a', multiply(and('$k', -STEPS), stepOfA))),
      when(less('$b', '$end'), [
        repeat(
          '$blocks',
          [
            rows.map((row) => [
              set(sum(row, 0), loadSplat('$bias', 4 * row)),
              columns.slice(1).map((column) => set(sum(row, column), sum(row, 0))),
            ]),
            sets
              .slice(1)
              .map((turn) =>
                everySum((row, column) => set(sum(row, column, turn), '(v128.const i64x2 0 0)')),
              ),
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
            set('$atA', '$a'),
            set('$atB', '$b'),
            when(less('$atA', '$aEndOfBlocks'), [
              repeat(
                '$steps',
                [upTo(STEPS).map((after) => step(after, after % sets.length)), increase('$atA', blockOfA)],
                less('$atA', '$aEndOfBlocks'),
              ),
            ]),
            when(less('$atA', '$aEnd'), [
              repeat('$ones', [step(0, 0), increase('$atA', stepOfA)], less('$atA', '$aEnd')),
            ]),
            sets
              .slice(1)
              .map((turn) =>
                everySum((row, column) =>
                  set(sum(row, column), vectorAdd(sum(row, column), sum(row, column, turn))),
                ),
              ),
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
