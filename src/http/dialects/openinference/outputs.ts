/** The outputs a request asks for, and the response that holds them. */
import type { Context } from 'hono';
import { ok, type Result } from '../../../failure.ts';
import type { NetworkOutput } from '../../../inference/network.ts';
import { joined } from '../../../input/chunks.ts';
import type { AppEnv } from '../../env.ts';
import { HEADER_LENGTH, textsAsBytes } from './binary.ts';
import { classifications } from './classification.ts';
import { MODEL_VERSION, type Model, OUTPUTS, type OutputName } from './models.ts';
import type { OutputFields } from './schema.ts';
import { invalid } from './tensors.ts';

export interface RequestedOutput {
  readonly name: OutputName;
  /** Whether its data goes behind the JSON. */
  readonly binary: boolean;
  /** How many of the highest values to name instead of listing all; 0 lists all. */
  readonly classes: number;
}

/**
 * The outputs asked for, in the order of the request; all of them when none is named.
 *
 * @param binary the request's `binary_data_output`, which an output's `binary_data` overrides.
 * @returns `tensor_invalid` for one that is unknown, asked for twice or wanted in shared memory.
 */
export function checkOutputs(
  asked: readonly OutputFields[],
  binary: boolean,
): Result<readonly RequestedOutput[]> {
  if (asked.length === 0) return ok(OUTPUTS.map(({ name }) => ({ name, binary, classes: 0 })));
  const outputs: RequestedOutput[] = [];
  for (const { name, parameters } of asked) {
    const known = OUTPUTS.find((each) => each.name === name);
    if (known === undefined) {
      const names = OUTPUTS.map((each) => each.name).join(' and ');
      return invalid(name, `is no output of this model: it gives ${names}`);
    }
    if (outputs.some((output) => output.name === name)) return invalid(name, 'is asked for twice');
    if (parameters?.shared_memory_region != null) {
      return invalid(name, 'must be in the response: there is no memory to share over a network');
    }
    const classes = parameters?.classification ?? 0;
    outputs.push({ name: known.name, binary: parameters?.binary_data ?? binary, classes });
  }
  return ok(outputs);
}

/** What a raw binary request gets, as it has no JSON to say otherwise: everything, as binary data. */
export function rawOutputs(): readonly RequestedOutput[] {
  return OUTPUTS.map(({ name }) => ({ name, binary: true, classes: 0 }));
}

/** An output tensor before its data is written as JSON or as bytes. */
type OutputTensor =
  | { readonly datatype: 'FP32'; readonly shape: readonly number[]; readonly values: Float32Array }
  | { readonly datatype: 'BYTES'; readonly shape: readonly number[]; readonly values: readonly string[] };

/**
 * The response to an inference request: JSON, or JSON with binary tensors behind it as soon as one output
 * is to be binary.
 *
 * @param results the network's outputs for each instance, in order.
 */
export function inferResponse(
  c: Context<AppEnv>,
  { name }: Model,
  { id, outputs }: { readonly id: string | undefined; readonly outputs: readonly RequestedOutput[] },
  results: readonly NetworkOutput[],
): Response {
  const binaries: Uint8Array[] = [];
  const tensors = outputs.map((output) => {
    const { datatype, shape, values } = outputTensor(output, results);
    const facts = { name: output.name, datatype, shape };
    // A float32 is a float64 too, and JSON writes as many digits as it takes to read the same one again;
    // only the sign of −0 is lost.
    if (!output.binary) return { ...facts, data: Array.from<number | string>(values) };
    const bytes = values instanceof Float32Array ? bytesOf(values) : textsAsBytes(values);
    binaries.push(bytes);
    return { ...facts, parameters: { binary_data_size: bytes.byteLength } };
  });
  const answer = {
    model_name: name,
    model_version: MODEL_VERSION,
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

function outputTensor({ name, classes }: RequestedOutput, results: readonly NetworkOutput[]): OutputTensor {
  const rows = results.map((result) => result[name]);
  const width = rows[0]?.length ?? 0;
  if (classes === 0) {
    const values = new Float32Array(rows.length * width);
    for (const [row, floats] of rows.entries()) values.set(floats, row * width);
    return { datatype: 'FP32', shape: [rows.length, width], values };
  }
  // More classes than there are is not an error: Triton answers with all of them.
  const count = Math.min(classes, width);
  const values = rows.flatMap((row) => classifications(name, row, count));
  return { datatype: 'BYTES', shape: [rows.length, count], values };
}

function bytesOf(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}
