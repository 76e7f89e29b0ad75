/**
 * Finds the instances in a request of TensorFlow Serving, in all forms of its REST API.
 *
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 */
import * as z from 'zod';
import { fail, ok, type Result } from '../../../failure.ts';
import { decodeBase64 } from '../../../input/base64.ts';
import { checkFields } from '../../../input/json.ts';
import { SIGNATURE } from './model.ts';
import { readTensor } from './tensor.ts';

/** One instance: a picture's file, or a tensor of 150,528 floats, NHWC. */
export type Instance =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array; readonly field: string }
  | { readonly kind: 'tensor'; readonly floats: Float32Array; readonly field: string };

/** An instance in the JSON, and its name in an error. */
export interface RawInstance {
  readonly value: unknown;
  readonly field: string;
}

export interface PredictRequest {
  /** `row` requests have `instances` and get `predictions`; `columnar` ones have `inputs` and get `outputs`. */
  readonly format: 'row' | 'columnar';
  readonly instances: readonly RawInstance[];
}

/**
 * Names of the picture or tensor, if it is named: the signature's own `inputs`, and those of exported image
 * classifiers.
 */
const NAMES = ['inputs', 'image', 'image_bytes', 'image/encoded'] as const;

const ONE_OF_NAMES = `one of ${NAMES.map((name) => `"${name}"`).join(', ')}`;

const signatureSchema = z
  .enum([SIGNATURE, ''], { error: `must be "${SIGNATURE}", the model's only signature` })
  .optional();

const NOT_A_LIST = 'must be a list with at least one instance';

/** `readInstance` validates the elements: a schema would create an issue for each wrong number. */
const listSchema = z.array(z.unknown(), { error: NOT_A_LIST }).min(1, { error: NOT_A_LIST });

export const predictBodySchema = z.looseObject(
  { signature_name: signatureSchema, instances: listSchema.optional(), inputs: z.unknown().optional() },
  { error: 'must be an object with "instances" or "inputs"' },
);

export const classifyBodySchema = z.looseObject(
  {
    signature_name: signatureSchema,
    /** Features that all examples share; the model has none. */
    context: z.looseObject({}, { error: 'must be an object' }).optional(),
    examples: listSchema,
  },
  { error: 'must be an object with "examples"' },
);

/** @param maxItems most instances in a request. */
export function predictRequest(json: unknown, maxItems: number): Result<PredictRequest> {
  const body = checkFields(predictBodySchema, json);
  if (!body.ok) return body;
  const { instances, inputs } = body.value;
  if ((instances === undefined) === (inputs === undefined)) {
    const reason = 'must hold either "instances" or "inputs", and not both';
    return fail({ code: 'field_invalid', field: '', reason });
  }
  const listed = inputs === undefined ? list(instances, 'instances', maxItems) : columns(inputs, maxItems);
  return listed.ok
    ? ok({ format: inputs === undefined ? 'row' : 'columnar', instances: listed.value })
    : listed;
}

/** @param maxItems most examples in a request. */
export function classifyRequest(json: unknown, maxItems: number): Result<readonly RawInstance[]> {
  const body = checkFields(classifyBodySchema, json);
  return body.ok ? list(body.value.examples, 'examples', maxItems) : body;
}

/** Reads one instance: a nested list, `{"b64": …}`, or either of them under a name. */
export function readInstance({ value, field }: RawInstance): Result<Instance> {
  if (Array.isArray(value)) return tensor(value, field);
  if (!isRecord(value)) return unlikeAnInstance(field);
  if ('b64' in value) return picture(value.b64, field);
  const name = NAMES.find((candidate) => candidate in value);
  if (name === undefined) return unlikeAnInstance(field);
  const named = value[name];
  if (Array.isArray(named) && !isRecord(named[0])) return tensor(named, `${field}.${name}`);
  // A feature of an example is a list, even of one value.
  return readPicture(Array.isArray(named) && named.length === 1 ? named[0] : named, `${field}.${name}`);
}

/** The instances of the columnar format, whose tensor may be named and whose picture may be a single value. */
function columns(inputs: unknown, maxItems: number): Result<readonly RawInstance[]> {
  if (!isRecord(inputs)) return list(inputs, 'inputs', maxItems);
  if ('b64' in inputs) return ok([{ value: inputs, field: 'inputs' }]);
  const name = NAMES.find((candidate) => candidate in inputs);
  if (name === undefined) {
    const reason = `must be a list of instances, or hold ${ONE_OF_NAMES}`;
    return fail({ code: 'field_invalid', field: 'inputs', reason });
  }
  const field = `inputs.${name}`;
  const column = inputs[name];
  return isRecord(column) ? ok([{ value: column, field }]) : list(column, field, maxItems);
}

function list(value: unknown, field: string, limitItems: number): Result<readonly RawInstance[]> {
  if (!Array.isArray(value) || value.length === 0) {
    return fail({ code: 'field_invalid', field, reason: NOT_A_LIST });
  }
  if (value.length > limitItems) return fail({ code: 'batch_too_many_items', limitItems });
  return ok(value.map((item: unknown, index) => ({ value: item, field: `${field}.${index}` })));
}

function tensor(value: readonly unknown[], field: string): Result<Instance> {
  const floats = readTensor(value, field);
  return floats.ok ? ok({ kind: 'tensor', floats: floats.value, field }) : floats;
}

function readPicture(value: unknown, field: string): Result<Instance> {
  return isRecord(value) && 'b64' in value ? picture(value.b64, field) : unlikeAnInstance(field);
}

function picture(b64: unknown, field: string): Result<Instance> {
  if (typeof b64 !== 'string') return fail({ code: 'base64_invalid', field: `${field}.b64` });
  const bytes = decodeBase64(b64, `${field}.b64`);
  return bytes.ok ? ok({ kind: 'picture', bytes: bytes.value, field }) : bytes;
}

function unlikeAnInstance(field: string) {
  const reason = `must be [224][224][3] numbers in [0, 1], {"b64": base64 of an image file}, or an object with either under ${ONE_OF_NAMES}`;
  return fail({ code: 'field_invalid', field, reason });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
