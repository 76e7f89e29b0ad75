/**
 * The inner kernel of a depthwise convolution: a tile of a channel's outputs, all of whose sums are in registers.
 *
 * Inputs lie in planes with zeros around: one at stride 1; at stride 2 four, of even and odd rows and even and odd
 * columns, so that what neighbouring outputs take lies side by side. A register of inputs, once loaded, serves every
 * row of the tile. A row of the kernel is loaded as four weights, which are spread by shuffles; only a fifth is loaded
 * by itself. Loads are what costs, as in `matrix-block.ts`. Tiles of 2 rows by 4 registers, or 4 by 2, have 8 sums.
 * A call does a column of tiles, the last of which ends where the output does, and does some rows once more.
 */
import {
  add,
  again,
  func,
  increase,
  less,
  loadSplat,
  loadVector,
  loop,
  multiply,
  multiplyAdd,
  type Statements,
  select,
  set,
  spread,
  storeLane,
  storeVector,
  subtract,
  upTo,
  vectorMost,
  when,
} from './wat.ts';

const FLOATS_IN_A_VECTOR = 4;
const VECTOR_BYTES = 16;

export interface Tile {
  /** Side of the kernel. */
  readonly kernel: 3 | 5;
  readonly stride: 1 | 2;
  readonly rows: 2 | 4;
  /** Registers of four columns. */
  readonly vectors: 2 | 4;
  /** Floats of the last register that are stored. */
  readonly last: 1 | 2 | 3 | 4;
}

export const tileName = ({ kernel, stride, rows, vectors, last }: Tile): string =>
  `$tile_${kernel}x${kernel}_stride${stride}_${rows}x${FLOATS_IN_A_VECTOR * (vectors - 1) + last}`;

/** What every tile is called with. */
export const TILE_PARAMETERS = 'from plane pitch filter bias: i32, low: v128, to toPitch below: i32';

/**
 * `from`: the input under the first tile's upper left corner, padding included, in the first plane; the others are `plane`
 * bytes apart. `pitch` and `toPitch`: from a row to the next, in bytes. `low`: 0 for relu, or −∞. `below`: rows of output below the first tile.
 */
export function depthwiseTile(tile: Tile): string {
  const { stride, vectors } = tile;
  const [rows, columns] = [upTo(tile.rows), upTo(vectors)];
  const sum = (row: number, column: number) => `$sum${row}${column}`;
  const everySum = rows.flatMap((row) => columns.map((column) => sum(row, column)));
  const parities = upTo(stride);

  return func(
    tileName(tile),
    TILE_PARAMETERS,
    `row at step: i32, x: v128, ${everySum.map((name) => name.slice(1)).join(' ')}: v128,
     ${rows.map((row) => `four${row} weight${row}`).join(' ')}: v128`,
    [
      loop('$tiles', [
        set(sum(0, 0), loadSplat('$bias')),
        everySum.slice(1).map((name) => set(name, sum(0, 0))),
        parities.map((down) =>
          parities.map((across) => [
            set('$row', add('$from', multiply('$plane', stride * down + across))),
            onePlane(tile, down, across, sum),
          ]),
        ),
        set('$at', '$to'),
        rows.map((row) => [
          columns.map((column) => {
            const count = column < vectors - 1 ? FLOATS_IN_A_VECTOR : tile.last;
            return storeFloats(count, vectorMost(sum(row, column), '$low'), VECTOR_BYTES * column);
          }),
          row < rows.length - 1 ? [increase('$at', '$toPitch')] : [],
        ]),
        when('$below', [
          set('$step', select(tile.rows, '$below', less(tile.rows, '$below'))),
          increase('$from', multiply('$step', '$pitch')),
          increase('$to', multiply('$step', '$toPitch')),
          set('$below', subtract('$below', '$step')),
          again('$tiles'),
        ]),
      ]),
    ],
  );
}

/** Adds the products with those of the kernel's rows and columns that meet the plane's. */
function onePlane(
  { kernel, stride, rows, vectors }: Tile,
  down: number,
  across: number,
  sum: (row: number, column: number) => string,
): Statements {
  const kernelRows = upTo(kernel).filter((row) => row % stride === down);
  const kernelColumns = upTo(kernel).filter((column) => column % stride === across);
  const inputRows = rows + kernelRows.length - 1;
  return upTo(inputRows).map((inputRow) => {
    /** Rows of the tile that this row of input is part of, each with the row of the kernel that it then meets. */
    const met = upTo(rows).flatMap((row) => {
      const kernelRow = kernelRows[inputRow - row];
      return kernelRow === undefined ? [] : [{ row, weights: 4 * kernel * kernelRow }];
    });
    return [
      met.map(({ row, weights }) => set(`$four${row}`, loadVector('$filter', weights))),
      kernelColumns.map((kernelColumn, step) => [
        met.map(({ row, weights }) =>
          set(
            `$weight${row}`,
            kernelColumn < FLOATS_IN_A_VECTOR
              ? spread(`$four${row}`, kernelColumn)
              : loadSplat('$filter', weights + 4 * kernelColumn),
          ),
        ),
        upTo(vectors).map((column) => [
          set('$x', loadVector('$row', 4 * step + VECTOR_BYTES * column)),
          met.map(({ row }) => set(sum(row, column), multiplyAdd(`$weight${row}`, '$x', sum(row, column)))),
        ]),
      ]),
      inputRow < inputRows - 1 ? [increase('$row', '$pitch')] : [],
    ];
  });
}

/** The first floats of a vector. */
function storeFloats(count: Tile['last'] | 4, value: string, offset: number): Statements {
  if (count === FLOATS_IN_A_VECTOR) return [storeVector('$at', value, offset)];
  return [
    set('$x', value),
    count >= 2 ? [storeLane(64, 0, '$at', '$x', offset)] : [],
    count % 2 === 1 ? [storeLane(32, count - 1, '$at', '$x', offset + 4 * (count - 1))] : [],
  ];
}
