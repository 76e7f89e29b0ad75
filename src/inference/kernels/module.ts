/**
 * The text of the kernels' module, `kernels.wasm`: functions that replace some of ONNX Runtime's when
 * `vendor/network.wasm` is made (`scripts/vendor/network/link.ts`). It has neither globals nor tables, and imports only
 * the memory. `npm run wasm` builds it without an optimiser, because reordering loads would undo the purpose of their
 * order.
 */
import { CONVOLUTION } from './convolution.ts';
import { DEPTHWISE } from './depthwise.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { FIRST_LAYER } from './first-layer.ts';
import { MATRIX_PRODUCT } from './matrix-product.ts';
import { ROW_PRODUCT } from './row-product.ts';
import { ROWS_OF_MAPS } from './rows.ts';
import { UNPACKED_FILTERS } from './unpacked-filters.ts';
import { WEIGHED_FILTERS } from './weighed-filters.ts';

const FUNCTIONS: readonly string[] = [
  ...CONVOLUTION,
  ...MATRIX_PRODUCT,
  ...DEPTHWISE,
  ...FIRST_LAYER,
  ...ROWS_OF_MAPS,
  ...ROW_PRODUCT,
  ...ELEMENTWISE,
  ...WEIGHED_FILTERS,
  ...UNPACKED_FILTERS,
];

export function moduleText(): string {
  return `(module (import "runtime" "memory" (memory 1))\n${FUNCTIONS.join('\n')})\n`;
}
