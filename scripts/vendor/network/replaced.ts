/** The ONNX Runtime functions that our kernels replace, as they are in onnxruntime-web 1.30.0. */
import type { Known } from './signatures.ts';

export interface Replaced extends Known {
  /** The export of `src/inference/kernels/kernels.wasm`. */
  readonly kernel: string;
}

const POINTERS = (count: number) => Array(count).fill('i32').join(' ');

export const CONVOLUTION: Replaced = {
  name: 'MlasConv',
  kernel: 'convolution',
  parameters: POINTERS(7),
  results: '',
  callers: 2,
  body: '64c7e04a1cc0080c10a98487e8592dbb70b17772092315e9e2c4c7952865b50a',
};

export const ROW_PRODUCT: Replaced = {
  name: 'MlasSgemmOperation',
  kernel: 'rowProduct',
  parameters: 'i32 i32 i32 i32 i32 f32 i32 i32 i32 i32 f32 i32 i32',
  results: '',
  callers: 11,
  body: '61620c06d104e6b64ff0c6977d0b91444376be3553d4cb17c4dc7e4e34c2bfee',
};

/** Processes a part of the tensor; called through the table, as a `std::function` is. */
export const HARD_SIGMOID: Replaced = {
  name: 'functors::HardSigmoid<float>::operator()',
  kernel: 'hardSigmoid',
  parameters: POINTERS(3),
  results: '',
  callers: 0,
  body: '4b37d8a36d7488dbd895cd4cceba4703c534a18936a5da1b4a085977fc04470f',
};

/** The third of its `ProcessBroadcastSpanFuncs`, for two spans; called through the table too. */
export const SPAN_PRODUCT: Replaced = {
  name: 'Mul<float>::Compute, of two spans',
  kernel: 'spanProduct',
  parameters: POINTERS(1),
  results: '',
  callers: 0,
  body: 'cfd7f4248d906a0cd29a755b0f5710993b8d3dec050506aacf92b120b425c9ae',
};

export const REPLACED: readonly Replaced[] = [CONVOLUTION, ROW_PRODUCT, HARD_SIGMOID, SPAN_PRODUCT];
