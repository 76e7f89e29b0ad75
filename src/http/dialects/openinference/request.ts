/**
 * An inference request in its three forms, validated against its model before anything runs: JSON, JSON followed by
 * binary tensors, and the bytes of the only input.
 */
import { fail, ok, type Result } from '../../../failure.ts';
import { readBody } from '../../../input/body.ts';
import { checkFields, parseJson, TENSORS } from '../../../input/json.ts';
import { looksLikeJson } from '../../../input/json-start.ts';
import type { HttpLimits } from '../../work.ts';
import { HEADER_LENGTH, headerLength } from './binary.ts';
import type { Model } from './models.ts';
import { allOutputs, checkOutputs, type RequestedOutput } from './outputs.ts';
import { type RequestFields, requestSchema } from './schema.ts';
import { checkShape, type InputTensor, invalid, rawShape } from './tensors.ts';

export interface InferRequest {
  readonly id: string | undefined;
  readonly input: InputTensor;
  readonly outputs: readonly RequestedOutput[];
}

/**
 * Reads a request.
 *
 * @returns the request; or the failure of its body, the extension's header, a field, a tensor, or the number of
 *   instances.
 */
export async function readInferRequest(
  request: Request,
  model: Model,
  limits: HttpLimits,
): Promise<Result<InferRequest>> {
  const length = headerLength(request.headers);
  if (!length.ok) return length;
  const jsonBytes = length.value;
  const { maxJsonBytes, maxBytes } = byteLimits(model, jsonBytes, limits);
  if (jsonBytes !== undefined && jsonBytes > maxJsonBytes) {
    return fail({ code: 'body_too_large', limitBytes: maxJsonBytes });
  }

  const body = await readBody(request, {
    maxBytes,
    timeoutSeconds: limits.timeoutSeconds,
    hold: limits.hold,
  });
  if (!body.ok) return body.failure.code === 'body_missing' ? emptyBody() : body;
  if (jsonBytes === 0 || (jsonBytes === undefined && isBare(request.headers, body.value))) {
    return rawRequest(body.value, model, limits);
  }
  if (jsonBytes !== undefined && jsonBytes > body.value.byteLength) {
    const reason = `says ${jsonBytes} bytes of JSON, and the body has ${body.value.byteLength}`;
    return fail({ code: 'inference_header_invalid', reason });
  }

  // The bytes are kept, because tensors may follow the JSON.
  if (!limits.hold.borrow(jsonBytes ?? body.value.byteLength)) {
    return fail({ code: 'overloaded', limitBytes: limits.hold.limitBytes });
  }
  const json = parseJson(body.value.subarray(0, jsonBytes), TENSORS);
  if (!json.ok) return json;
  const fields = checkFields(requestSchema, json.value);
  if (!fields.ok) return fields;
  const input = readInput(
    fields.value,
    body.value.subarray(jsonBytes ?? body.value.byteLength),
    model,
    limits,
  );
  if (!input.ok) return input;
  const outputs = checkOutputs(
    model,
    fields.value.outputs ?? [],
    fields.value.parameters?.binary_data_output ?? false,
  );
  return outputs.ok
    ? ok({ id: fields.value.id ?? undefined, input: input.value, outputs: outputs.value })
    : outputs;
}

/** How many bytes a request may have, and how many of them may be JSON, which costs more memory. */
function byteLimits({ input }: Model, jsonBytes: number | undefined, limits: HttpLimits) {
  if (input.datatype === 'FP32') {
    return { maxJsonBytes: limits.maxTensorBytes, maxBytes: limits.maxTensorBytes };
  }
  const { maxJsonBytes, maxImageBytes } = limits;
  return { maxJsonBytes, maxBytes: jsonBytes === undefined ? maxJsonBytes : maxImageBytes };
}

/** The content type says that the bytes are not JSON, and they are not: the extension's header is missing. */
function isBare(headers: Headers, bytes: Uint8Array): boolean {
  return /^\s*application\/octet-stream\b/i.test(headers.get('content-type') ?? '') && !looksLikeJson(bytes);
}

function emptyBody() {
  return fail({
    code: 'field_invalid',
    field: '',
    reason: 'is empty: send an inference request with "inputs"',
  });
}

/**
 * A raw binary request: no JSON, the body is the data of the only input. Its shape follows from its size, a BYTES input
 * is one element without its length, and all outputs are returned as binary data, because nothing says otherwise.
 */
function rawRequest(bytes: Uint8Array, model: Model, limits: HttpLimits): Result<InferRequest> {
  const { input } = model;
  const shape = rawShape(input, bytes.byteLength, limits.maxBatchItems);
  if (!shape.ok) return shape;
  const contents = { kind: 'raw', bytes } as const;
  return ok({
    id: undefined,
    input: { tensor: input, shape: shape.value, contents },
    outputs: allOutputs(model, true),
  });
}

/** The only input, with its data from the JSON or from the bytes after it. */
function readInput(
  { inputs }: RequestFields,
  binary: Uint8Array,
  { input: tensor }: Model,
  limits: HttpLimits,
): Result<InputTensor> {
  const [given, second] = inputs;
  const other = inputs.find(({ name }) => name !== tensor.name);
  if (other !== undefined) return invalid(other.name, `is no input of this model: it takes ${tensor.name}`);
  if (given === undefined) return invalid(tensor.name, 'is missing: it is the input of this model');
  if (second !== undefined) return invalid(tensor.name, 'is given twice');
  if (given.datatype !== tensor.datatype) {
    return invalid(tensor.name, `must have the datatype ${tensor.datatype}`);
  }
  const shape = checkShape(tensor, given.shape, limits.maxBatchItems);
  if (!shape.ok) return shape;
  if (given.parameters?.shared_memory_region != null) {
    return invalid(tensor.name, 'must be in the request: there is no memory to share over a network');
  }

  const size = given.parameters?.binary_data_size ?? undefined;
  const extra = binary.byteLength - (size ?? 0);
  if (extra !== 0) {
    const said = size === undefined ? 'has no binary_data_size' : `has the binary_data_size ${size}`;
    const followed = `and ${binary.byteLength} bytes follow the JSON (the header ${HEADER_LENGTH} says where it ends)`;
    return invalid(tensor.name, `${said}, ${followed}`);
  }
  if (size === undefined) {
    return ok({ tensor, shape: shape.value, contents: { kind: 'json', data: given.data } });
  }
  return given.data == null
    ? ok({ tensor, shape: shape.value, contents: { kind: 'binary', bytes: binary } })
    : invalid(tensor.name, 'must have either data or binary_data_size');
}
