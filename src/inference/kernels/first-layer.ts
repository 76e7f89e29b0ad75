/** The first layer: 3×3 with stride 2 and few channels. */
import { param } from './conv-parameters.ts';
import {
  add,
  bytes,
  call,
  func,
  greater,
  increase,
  increased,
  less,
  multiply,
  or,
  repeat,
  set,
  shiftLeft,
  storeFloat,
  subtract,
  trapIf,
  unequal,
  when,
  zero,
} from './wat.ts';

const SIDE = 3;

/**
 * The patches of one row of outputs are written out as a matrix, with a row for each weight of a filter, and multiplied
 * by the filters. Row y of the output needs the input's rows 2y to 2y + 2. In each input row, the kernel's first column
 * meets the even floats, the second the odd ones, and the third the even ones from the second on. Padding is only at
 * the end of rows and columns.
 */
const firstLayer = func(
  '$firstLayer',
  'params input filter scales bias output: i32, low: v128, scratch scratchBytes: i32',
  'y row channel line width pitch at patches patchesBytes k: i32',
  [
    trapIf(
      unequal(param('groups'), 1),
      or(unequal(param('kernelHeight'), SIDE), unequal(param('kernelWidth'), SIDE)),
      or(unequal(param('strideHeight'), 2), unequal(param('strideWidth'), 2)),
      or(param('top'), param('left')),
      unequal(param('width'), shiftLeft(param('outputWidth'), 1)),
      unequal(param('height'), shiftLeft(param('outputHeight'), 1)),
    ),
    set('$width', param('outputWidth')),
    set('$pitch', bytes('$width')),
    set('$k', param('k')),
    set('$patchesBytes', multiply('$k', '$pitch')),
    trapIf(greater('$patchesBytes', '$scratchBytes')),
    repeat(
      '$rows',
      [
        set('$at', '$scratch'),
        set('$channel', 0),
        repeat(
          '$channels',
          [
            set('$line', 0),
            repeat(
              '$lines',
              [
                set('$row', add(shiftLeft('$y', 1), '$line')),
                when(
                  less('$row', param('height')),
                  [
                    call(
                      '$splitRow',
                      add(
                        '$input',
                        bytes(
                          add(multiply('$channel', param('inputSize')), multiply('$row', param('width'))),
                        ),
                      ),
                      '$at',
                      add('$at', '$pitch'),
                      param('width'),
                    ),
                    // One float too many is copied, which then becomes the padding.
                    call('$copyRow', add('$at', 4), add('$at', multiply('$pitch', 2)), '$width'),
                    storeFloat(subtract(add('$at', multiply('$pitch', SIDE)), 4), '(f32.const 0)'),
                  ],
                  [zero('$at', multiply('$pitch', SIDE))],
                ),
                increase('$at', multiply('$pitch', SIDE)),
              ],
              less(increased('$line', 1), SIDE),
            ),
          ],
          less(increased('$channel', 1), param('channels')),
        ),
        call(
          '$product',
          ...['$filter', '$scales', param('filters'), '$k', '$scratch', '$pitch'],
          ...['$output', bytes(param('outputSize')), '$width', '$bias', 0, '$low'],
          ...[add('$scratch', '$patchesBytes'), subtract('$scratchBytes', '$patchesBytes')],
        ),
        increase('$output', '$pitch'),
      ],
      less(increased('$y', 1), param('outputHeight')),
    ),
  ],
);

export const FIRST_LAYER: readonly string[] = [firstLayer];
