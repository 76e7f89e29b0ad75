/**
 * The inner kernel of a depthwise convolution: a tile of a channel's outputs, all of whose sums are in registers.
 *
 * Inputs are read in place. The side of the map is known when the kernel is generated, and so are the inputs to the
 * left and right of the map: they are zeros, which a shuffle inserts. The first and the last tile skip the rows above
 * and below it. At stride 2, shuffles separate even and odd inputs. A vector of inputs, once in a register, serves
 * every row of the tile. Loads limit the speed, as in `matrix-block.ts`; shuffles run in parallel with the
 * multiply-adds. So a row of the kernel is loaded as four weights, which are spread by shuffles, and only a fifth
 * weight is loaded separately. Tiles of 2 rows by 4 registers, or 4 by 2, have 8 sums.
 */
import { type StoredTile, storeTile, sumAt, sumsOf } from './depthwise-store.ts';
import {
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
  shuffle,
  spread,
  subtract,
  upTo,
  vector,
  when,
} from './wat.ts';

const FLOATS_IN_A_VECTOR = 4 as const;
/** Vectors of inputs in registers at once, in addition to 8 sums, a weight and the rows of the kernel. */
const MOST_INPUTS = 4;

/** A depthwise convolution of square maps, and its tile. */
export interface Tiling extends Omit<StoredTile, 'last'> {
  /** Side of the kernel. */
  readonly kernel: 3 | 5;
  readonly stride: 1 | 2;
  /** Side of the output; the input's is that times the stride. */
  readonly side: number;
}

/** A row of the tile that meets a row of input, and the offset in bytes of its weights in the filter. */
interface Meeting {
  readonly row: number;
  readonly weights: number;
}

/** Rows and columns of zeros before the map. The rest of kernel − stride comes after it. */
const paddingBefore = ({ kernel, stride }: Tiling) => Math.floor((kernel - stride) / 2);

/** The first columns of tiles side by side. The last ends where the output does, and may overlap the one before. */
export function columnsOfTiles({ side, vectors }: Tiling): readonly number[] {
  const wide = FLOATS_IN_A_VECTOR * vectors;
  return upTo(Math.ceil(side / wide)).map((tile) => Math.max(0, Math.min(tile * wide, side - wide)));
}

export const tileName = ({ kernel, stride, side }: Tiling, left: number): string =>
  `$tile_${kernel}x${kernel}_stride${stride}_${side}_from${left}`;

/**
 * A column of tiles as high as the map, from column `left` of the output on. The last ends where the output does, and
 * may overlap the one before.
 *
 * `from` and `to`: the input and the output of the channel. `low`: 0 for relu, or −∞.
 */
export function depthwiseTiles(tiling: Tiling, left: number): string {
  const { kernel, stride, side, rows, vectors } = tiling;
  const tile = { rows, vectors, last: lastFloats(side - left - FLOATS_IN_A_VECTOR * (vectors - 1)) };
  const sums = sumsOf(tile);
  const [pitch, toPitch] = [4 * stride * side, 4 * side];
  const [above, within] = [paddingBefore(tiling), stride * rows];
  const addRows = (first: number, count: number): Statements =>
    upTo(count).map((index) => [addRow(tiling, left, first + index), increase('$row', pitch)]);
  const inputs = upTo(MOST_INPUTS).map(inputAt);
  const weights = upTo(2).flatMap((row) => upTo(2).map((index) => weightAt(row, index)));
  const fours = upTo(rows).map((row) => `$four${row}`);
  return func(
    tileName(tiling, left),
    'from filter bias: i32, low: v128, to: i32',
    `row at step isBelow below: i32, first second weight: v128,
     ${[...sums, ...inputs, ...weights, ...fours].map((name) => name.slice(1)).join(' ')}: v128`,
    [
      set('$below', side - rows),
      loop('$tiles', [
        sums.map((name, index) => set(name, index === 0 ? loadSplat('$bias') : sumAt(0, 0))),
        set('$row', '$from'),
        when('$isBelow', [set('$row', subtract('$from', above * pitch)), addRows(0, above)]),
        addRows(above, within),
        when('$below', addRows(above + within, kernel - stride - above)),
        storeTile(tile, toPitch, 4 * left),
        when('$below', [
          set('$step', select(rows, '$below', less(rows, '$below'))),
          increase('$from', multiply('$step', stride * pitch)),
          increase('$to', multiply('$step', toPitch)),
          set('$below', subtract('$below', '$step')),
          set('$isBelow', 1),
          again('$tiles'),
        ]),
      ]),
    ],
  );
}

function lastFloats(count: number): StoredTile['last'] {
  return count === 1 || count === 2 || count === 3 ? count : FLOATS_IN_A_VECTOR;
}

const inputAt = (index: number) => `$input${index}`;
const weightAt = (row: number, index: number) => `$weight${row}${index}`;

/** Adds the products with row `inputRow` of those that the tile meets, padding included. The row is at `$row`. */
function addRow(tiling: Tiling, left: number, inputRow: number): Statements {
  const { kernel, stride, rows } = tiling;
  const met = upTo(rows).flatMap((row): Meeting[] => {
    const kernelRow = inputRow - stride * row;
    return kernelRow >= 0 && kernelRow < kernel ? [{ row, weights: 4 * kernel * kernelRow }] : [];
  });
  return [
    met.map(({ row, weights }) => set(`$four${row}`, loadVector('$filter', weights))),
    // At stride 2, the inputs of an even column of the kernel and of the next are loaded together.
    upTo(Math.ceil(kernel / stride)).map((group) =>
      addColumns(
        tiling,
        left,
        met,
        upTo(stride)
          .map((index) => stride * group + index)
          .filter((column) => column < kernel),
      ),
    ),
  ];
}

/** Adds the products with one column of the kernel, or with two adjacent ones. */
function addColumns(
  tiling: Tiling,
  left: number,
  met: readonly Meeting[],
  [first = 0, ...others]: readonly number[],
): Statements {
  const { stride, side, vectors } = tiling;
  const columns = [first, ...others];
  const outputOf = (place: number) => left + FLOATS_IN_A_VECTOR * place;
  const startOf = (place: number) => stride * outputOf(place) + first - paddingBefore(tiling);
  const places = upTo(vectors).filter((place) => startOf(place) < stride * side);
  const inputs = (place: number, to: (index: number) => string) =>
    loadInputs(
      tiling,
      startOf(place),
      outputOf(place),
      columns.map((_, index) => to(index)),
    );
  const weightOf = ({ row, weights }: Meeting, column: number) =>
    column < FLOATS_IN_A_VECTOR ? spread(`$four${row}`, column) : loadSplat('$filter', weights + 4 * column);
  const addTo = (row: number, place: number, weight: string, input: string) =>
    set(sumAt(row, place), multiplyAdd(weight, input, sumAt(row, place)));

  if (vectors * columns.length <= MOST_INPUTS) {
    const at = (place: number, index: number) => inputAt(columns.length * place + index);
    return [
      places.map((place) => inputs(place, (index) => at(place, index))),
      columns.map((column, index) =>
        met.map((one) => [
          set('$weight', weightOf(one, column)),
          places.map((place) => addTo(one.row, place, '$weight', at(place, index))),
        ]),
      ),
    ];
  }
  return [
    columns.map((column, index) => met.map((one) => set(weightAt(one.row, index), weightOf(one, column)))),
    places.map((place) => [
      inputs(place, inputAt),
      columns.map((_, index) =>
        met.map(({ row }) => addTo(row, place, weightAt(row, index), inputAt(index))),
      ),
    ]),
  ];
}

/**
 * Loads the inputs of four outputs, from `output` on, from the row at `$row`, from `start` on: for one column of the
 * kernel, or for two at stride 2.
 */
function loadInputs(
  { stride, side }: Tiling,
  start: number,
  output: number,
  to: readonly string[],
): Statements {
  if (stride === 1) {
    const counted = Math.min(FLOATS_IN_A_VECTOR, side - output);
    // Floats after the end of the row are for outputs that are not stored.
    const isWithin = start >= 0 && start + counted <= side;
    return to.map((name) => set(name, isWithin ? loadVector('$row', 4 * start) : floatsFrom(start, side)));
  }
  return [
    set('$first', floatsFrom(start, stride * side)),
    set('$second', floatsFrom(start + FLOATS_IN_A_VECTOR, stride * side)),
    to.map((name, index) =>
      set(
        name,
        shuffle(
          '$first',
          '$second',
          [0, 2, 4, 6].map((lane) => lane + index),
        ),
      ),
    ),
  ];
}

/** Four floats from `start` on of the row at `$row`, which has `width` floats; zeros outside it. */
function floatsFrom(start: number, width: number): string {
  const last = width - FLOATS_IN_A_VECTOR;
  const lanesFrom = (first: number) => upTo(FLOATS_IN_A_VECTOR).map((lane) => first + lane);
  if (start >= width) return vector(0);
  if (start < 0) return shuffle(vector(0), loadVector('$row'), lanesFrom(FLOATS_IN_A_VECTOR + start));
  if (start > last) return shuffle(loadVector('$row', 4 * last), vector(0), lanesFrom(start - last));
  return loadVector('$row', 4 * start);
}
