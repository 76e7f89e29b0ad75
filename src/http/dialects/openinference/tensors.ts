/** Input tensors: their shapes, and their values in all forms in which clients send them. */
import { fail, ok, type Result } from '../../../failure.ts';
import { bytesElements, float32s } from './binary.ts';
import type { TensorMetadata } from './models.ts';

export interface InputTensor {
  readonly tensor: TensorMetadata;
  /** As in the metadata, with the number of instances first. */
  readonly shape: readonly [number, ...number[]];
  readonly contents: TensorContents;
}

/** `raw` differs from `binary` for BYTES only: it is one element without its length. */
export type TensorContents =
  | { readonly kind: 'json'; readonly data: unknown }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

/** An image file: its bytes, or its base64 or data: URL. */
export type Picture = Uint8Array | string;

/** @param reason what the tensor must be or have, as text after its name. */
export function invalid(tensor: string, reason: string) {
  return fail({ code: 'tensor_invalid', tensor, reason });
}

/** @returns the shape with its number of instances, `tensor_invalid` or `batch_too_many_items`. */
export function checkShape(
  tensor: TensorMetadata,
  shape: readonly number[],
  maxInstances: number,
): Result<InputTensor['shape']> {
  const [instances, ...inner] = shape;
  const expected = tensor.shape.slice(1);
  const fits = inner.length === expected.length && inner.every((length, at) => length === expected[at]);
  if (instances === undefined || instances < 1 || !fits) {
    const has = JSON.stringify(shape).slice(0, 60);
    const meaning = 'where -1 is the number of instances, from 1';
    return invalid(
      tensor.name,
      `must have the shape ${JSON.stringify(tensor.shape)}, ${meaning}; it has ${has}`,
    );
  }
  if (instances > maxInstances) return fail({ code: 'batch_too_many_items', limitItems: maxInstances });
  return ok([instances, ...inner]);
}

/** The shape of a raw binary tensor, from its size in bytes. */
export function rawShape(
  tensor: TensorMetadata,
  bytes: number,
  maxInstances: number,
): Result<InputTensor['shape']> {
  if (tensor.datatype === 'BYTES') return ok([1]);
  const inner = tensor.shape.slice(1);
  const instanceBytes = product(inner) * Float32Array.BYTES_PER_ELEMENT;
  return bytes % instanceBytes === 0
    ? checkShape(tensor, [bytes / instanceBytes, ...inner], maxInstances)
    : invalid(tensor.name, `must be a multiple of ${instanceBytes} bytes, and is ${bytes}`);
}

/**
 * The numbers of an FP32 tensor.
 *
 * @returns row-major finite float32, as many as its shape says; or `tensor_invalid`.
 */
export function readFloats({ tensor, shape, contents }: InputTensor): Result<Float32Array> {
  const floats =
    contents.kind === 'json'
      ? jsonFloats(tensor, shape, contents.data)
      : binaryFloats(tensor, shape, contents.bytes);
  return !floats.ok || floats.value.every(Number.isFinite)
    ? floats
    : invalid(tensor.name, 'must hold finite numbers in the range of float32');
}

/**
 * The pictures of a BYTES tensor, those in JSON still encoded, so that only one at a time is in memory twice.
 *
 * @returns as many as its shape says, or `tensor_invalid`.
 */
export function readPictures({ tensor, shape, contents }: InputTensor): Result<readonly Picture[]> {
  const [count] = shape;
  if (contents.kind === 'raw') return ok([contents.bytes]);
  if (contents.kind === 'binary') {
    const elements = bytesElements(contents.bytes, count);
    if (elements !== undefined) return ok(elements);
    const form = 'each as its length in 4 bytes, little-endian, and then its bytes';
    return invalid(tensor.name, `must have ${count} elements in its binary data, ${form}`);
  }
  const elements = jsonElements(contents.data, shape);
  return elements?.every((element) => typeof element === 'string') === true
    ? ok(elements)
    : invalid(
        tensor.name,
        `must have data: a list of ${count} texts, each the base64 or data: URL of an image file`,
      );
}

function binaryFloats(
  tensor: TensorMetadata,
  shape: InputTensor['shape'],
  bytes: Uint8Array,
): Result<Float32Array> {
  const expected = product(shape) * Float32Array.BYTES_PER_ELEMENT;
  return bytes.byteLength === expected
    ? ok(float32s(bytes))
    : invalid(tensor.name, `must have ${expected} bytes for its shape, and has ${bytes.byteLength}`);
}

function jsonFloats(
  tensor: TensorMetadata,
  shape: InputTensor['shape'],
  data: unknown,
): Result<Float32Array> {
  const elements = jsonElements(data, shape);
  return elements?.every((element) => typeof element === 'number') === true
    ? ok(Float32Array.from(elements))
    : invalid(
        tensor.name,
        `must have data: ${product(shape)} numbers in one list, or in lists as its shape says`,
      );
}

/** Tensor data in JSON, flat and row-major, or nested by the shape; undefined for anything else. */
function jsonElements(data: unknown, shape: InputTensor['shape']): readonly unknown[] | undefined {
  if (!Array.isArray(data)) return undefined;
  if (!Array.isArray(data[0])) return data.length === product(shape) ? data : undefined;
  return isNested(data, shape, 0) ? data.flat(shape.length - 1) : undefined;
}

function isNested(data: unknown, shape: InputTensor['shape'], depth: number): boolean {
  if (!Array.isArray(data) || data.length !== shape[depth]) return false;
  return depth === shape.length - 1 || data.every((inner) => isNested(inner, shape, depth + 1));
}

function product(lengths: readonly number[]): number {
  return lengths.reduce((total, length) => total * length, 1);
}
