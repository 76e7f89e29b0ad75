/** The requested outputs, and the response with them. */
import type { Context } from 'hono';
import { ok, type Result } from '../../../failure.ts';
import { joined } from '../../../input/chunks.ts';
import type { AppEnv } from '../../env.ts';
import { HEADER_LENGTH, textsAsBytes } from './binary.ts';
import { classifications } from './classification.ts';
import type { Model, Output, Row } from './models.ts';
import type { OutputFields } from './schema.ts';
import { invalid } from './tensors.ts';

export interface RequestedOutput {
  readonly output: Output;
  /** Whether its data follow the JSON as bytes. */
  readonly binary: boolean;
  /** How many of the highest values to list instead of all; 0 lists all. */
  readonly classes: number;
}

/**
 * The requested outputs, in the order of the request; all of them if none is named.
 *
 * @param binary the request's `binary_data_output`, which an output's `binary_data` overrides.
 * @returns `tensor_invalid` for an output that is unknown, requested twice, or requested in shared memory or as classes
 *   that it does not have.
 */
export function checkOutputs(
  model: Model,
  asked: readonly OutputFields[],
  binary: boolean,
): Result<readonly RequestedOutput[]> {
  if (asked.length === 0) return ok(allOutputs(model, binary));
  const outputs: RequestedOutput[] = [];
  for (const { name, parameters } of asked) {
    const output = model.outputs.find((each) => each.name === name);
    if (output === undefined) {
      const names = model.outputs.map((each) => each.name).join(' and ');
      return invalid(name, `is no output of this model: it gives ${names}`);
    }
    if (outputs.some((other) => other.output === output)) return invalid(name, 'is asked for twice');
    if (parameters?.shared_memory_region != null) {
      return invalid(name, 'must be in the response: there is no memory to share over a network');
    }
    const classes = parameters?.classification ?? 0;
    if (classes > 0 && output.placeName === undefined) return invalid(name, 'has no classes to name');
    outputs.push({ output, binary: parameters?.binary_data ?? binary, classes });
  }
  return ok(outputs);
}

export function allOutputs({ outputs }: Model, binary: boolean): readonly RequestedOutput[] {
  return outputs.map((output) => ({ output, binary, classes: 0 }));
}

/** An output tensor before its data is written as JSON or as bytes. */
interface OutputTensor {
  readonly datatype: Output['datatype'];
  readonly shape: readonly number[];
  readonly values: Float32Array | readonly (string | boolean | number)[];
}

/**
 * The response to an inference request: JSON, or JSON followed by binary tensors if at least one output is binary.
 *
 * @param results the rows of each instance, in order.
 */
export function inferResponse(
  c: Context<AppEnv>,
  { name, version }: Model,
  { id, outputs }: { readonly id: string | undefined; readonly outputs: readonly RequestedOutput[] },
  results: readonly Readonly<Record<string, Row>>[],
): Response {
  const binaries: Uint8Array[] = [];
  const tensors = outputs.map((requested) => {
    const tensor = outputTensor(requested, results);
    const { datatype, shape } = tensor;
    const facts = { name: requested.output.name, datatype, shape };
    // A float32 is also a float64, and JSON has enough digits to read the same value again; only the sign of −0 is
    // lost.
    if (!requested.binary) return { ...facts, data: Array.from<string | boolean | number>(tensor.values) };
    const bytes = bytesOf(tensor);
    binaries.push(bytes);
    return { ...facts, parameters: { binary_data_size: bytes.byteLength } };
  });
  const answer = {
    model_name: name,
    model_version: version,
    ...(id === undefined ? {} : { id }),
    outputs: tensors,
  };
  if (binaries.length === 0) return c.json(answer);

  const json = new TextEncoder().encode(JSON.stringify(answer));
  return c.body(joined([json, ...binaries]), 200, {
    'content-type': 'application/octet-stream',
    [HEADER_LENGTH]: String(json.byteLength),
  });
}

function outputTensor(
  { output, classes }: RequestedOutput,
  results: readonly Readonly<Record<string, Row>>[],
): OutputTensor {
  const rows = results.map((result) => result[output.name] ?? []);
  const width = rows[0]?.length ?? 0;
  if (classes > 0) {
    // Requesting more classes than there are is not an error: Triton answers with all of them.
    const count = Math.min(classes, width);
    const values = rows.flatMap((row) =>
      row instanceof Float32Array ? classifications(output, row, count) : [],
    );
    return { datatype: 'BYTES', shape: [rows.length, count], values };
  }
  const shape = output.shape.length === 1 ? [rows.length] : [rows.length, width];
  const values = rows.every((row) => row instanceof Float32Array)
    ? oneBehindAnother(rows, width)
    : rows.flatMap((row) => Array.from<string | boolean | number>(row));
  return { datatype: output.datatype, shape, values };
}

function oneBehindAnother(rows: readonly Float32Array[], width: number): Float32Array {
  const values = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) values.set(row, index * width);
  return values;
}

function bytesOf({ datatype, values }: OutputTensor): Uint8Array {
  if (values instanceof Float32Array) {
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
  return datatype === 'BYTES' ? textsAsBytes(values.map(String)) : Uint8Array.from(values, Number);
}
