/**
 * Writes a head as an ONNX file: from an embedding to the answer, in any ONNX runtime.
 *
 * Field numbers are those of the format: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import type { Head } from './head.ts';
import { bytesOf, type Field, integer, joined, nested, text } from './protobuf.ts';
import { DIMENSIONS } from './vectors.ts';

/** The oldest versions that have all operators in the form used here, so that old runtimes read it. */
const IR_VERSION = 8;
const OPERATORS = 17;

/** `TensorProto.DataType`. */
const FLOAT = 1;
const BOOL = 9;

/** `AttributeProto.AttributeType`. */
const INT = 2;
const INTS = 7;

/** Any number of embeddings at once. */
const BATCH = 'N';

/**
 * Input `embedding`: float [N, 1024], of any scale.
 *
 * Outputs `probabilities`: float [N, labels]; `similarity`: float [N], cosine to the nearest class mean; `unknown`:
 * bool [N], whether that is below the threshold.
 *
 * @param metadata texts by name, in addition to `labels`, a JSON list in the order of the probabilities.
 */
export function onnxHead(head: Head, metadata: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const { labels, weights, bias, means, temperature, threshold } = head;
  const graph = joined(
    node('LpNormalization', ['embedding'], 'unit', { axis: 1, p: 2 }),
    node('Gemm', ['unit', 'weights', 'bias'], 'scores', { transB: 1 }),
    node('Div', ['scores', 'temperature'], 'logits'),
    node('Softmax', ['logits'], 'probabilities', { axis: 1 }),
    node('Gemm', ['unit', 'means'], 'cosines', { transB: 1 }),
    node('ReduceMax', ['cosines'], 'similarity', { axes: [1], keepdims: 0 }),
    node('Less', ['similarity', 'threshold'], 'unknown'),
    text(2, 'head'),
    nested(5, tensor('weights', [labels.length, DIMENSIONS], weights)),
    nested(5, tensor('bias', [labels.length], bias)),
    nested(5, tensor('means', [labels.length, DIMENSIONS], means)),
    nested(5, tensor('temperature', [], Float32Array.of(temperature))),
    nested(5, tensor('threshold', [], Float32Array.of(threshold))),
    nested(11, value('embedding', FLOAT, [BATCH, DIMENSIONS])),
    nested(12, value('probabilities', FLOAT, [BATCH, labels.length])),
    nested(12, value('similarity', FLOAT, [BATCH])),
    nested(12, value('unknown', BOOL, [BATCH])),
  );
  const properties = Object.entries({ ...metadata, labels: JSON.stringify(labels) });
  return joined(
    integer(1, IR_VERSION),
    text(2, 'mobilenet-edge'),
    nested(7, graph),
    nested(8, integer(2, OPERATORS)),
    ...properties.map(([key, words]) => nested(14, text(1, key), text(2, words))),
  );
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
): Field {
  return nested(
    1,
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(4, operator),
    ...Object.entries(attributes).map(([name, given]) => attribute(name, given)),
  );
}

function attribute(name: string, given: number | readonly number[]): Field {
  return typeof given === 'number'
    ? nested(5, text(1, name), integer(3, given), integer(20, INT))
    : nested(5, text(1, name), ...given.map((one) => integer(8, one)), integer(20, INTS));
}

function tensor(name: string, shape: readonly number[], values: Float32Array): Field {
  return joined(
    ...shape.map((length) => integer(1, length)),
    integer(2, FLOAT),
    text(8, name),
    nested(9, bytesOf(values)),
  );
}

function value(name: string, type: number, shape: readonly (number | string)[]): Field {
  const dimensions = shape.map((length) =>
    nested(1, typeof length === 'string' ? text(2, length) : integer(1, length)),
  );
  return joined(text(1, name), nested(2, nested(1, integer(1, type), nested(2, ...dimensions))));
}
