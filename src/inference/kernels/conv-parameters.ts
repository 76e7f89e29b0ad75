/**
 * Layout of ONNX Runtime's arguments of a convolution: `MLAS_CONV_PARAMETERS` of version 1.30
 * (onnxruntime/core/mlas/inc/mlas.h), with 32-bit addresses and sizes. `test/kernels/` asserts it.
 */
import { load, loadFloat } from './wat.ts';

export const CONV_PARAMETERS = {
  /** Address of an `MLAS_ACTIVATION`, whose first word is its kind. */
  activation: 0,
  dimensions: 4,
  batch: 8,
  groups: 12,
  /** Channels of the input, and below the filters, of one group. */
  channels: 16,
  height: 24,
  width: 28,
  kernelHeight: 36,
  kernelWidth: 40,
  dilationHeight: 48,
  dilationWidth: 52,
  top: 60,
  left: 64,
  bottom: 68,
  right: 72,
  strideHeight: 84,
  strideWidth: 88,
  filters: 96,
  outputHeight: 100,
  outputWidth: 104,
  /** Floats of one channel. */
  inputSize: 112,
  outputSize: 116,
  /** Products per sum: channels of a group times the kernel's area. */
  k: 120,
  /** A float: the factor of the output's contents before products are added. */
  beta: 124,
} as const;

/** Kinds of activation. */
export const [IDENTITY, RELU] = [0, 1];

export type ConvParameter = keyof typeof CONV_PARAMETERS;

/** Reads a parameter from the address in `$params`. */
export const param = (name: ConvParameter): string => load('$params', CONV_PARAMETERS[name]);

export const BETA = loadFloat('$params', CONV_PARAMETERS.beta);
