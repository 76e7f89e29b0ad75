/**
 * The two models under `/v2`: the network on float tensors, and the same network on image files.
 *
 * What is said of them here is the protocol's model metadata, and what requests are checked against.
 */
import { MODEL } from '../../../answer.ts';
import { fail, ok, type Result } from '../../../failure.ts';
import { LOGIT_COUNT } from '../../../inference/softmax.ts';
import { PUBLIC_INPUT_SHAPE } from '../../../inference/tensor.ts';

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: 'FP32' | 'BYTES';
  /** −1 stands for the number of instances. */
  readonly shape: readonly number[];
}

export interface Model {
  readonly name: string;
  readonly input: TensorMetadata;
}

/** What both models give. Row n of an output belongs to instance n of the input. */
export const OUTPUTS = [
  /** Unnormalised; 0 is background, n + 1 is class n of ILSVRC-2012. */
  { name: 'logits', datatype: 'FP32', shape: [-1, LOGIT_COUNT] },
  { name: 'embedding', datatype: 'FP32', shape: [-1, 1024] },
] as const satisfies readonly TensorMetadata[];

export type OutputName = (typeof OUTPUTS)[number]['name'];

/** The one version there is: what clients ask for in the path, not the model card's `version`. */
export const MODEL_VERSION = '1';

/** RGB in [0, 1]. */
const TENSOR_MODEL: Model = {
  name: MODEL.name,
  input: { name: 'inputs', datatype: 'FP32', shape: [-1, ...PUBLIC_INPUT_SHAPE] },
};

/** Each element is an image file: its bytes in a binary tensor, its base64 or data: URL in JSON. */
export const IMAGE_MODEL: Model = {
  name: `${MODEL.name}_image`,
  input: { name: 'image', datatype: 'BYTES', shape: [-1] },
};

const MODELS = [TENSOR_MODEL, IMAGE_MODEL];

/** @returns the model of that name and version, or `model_unknown`; without a version, the one there is. */
export function findModel(name: string, version?: string): Result<Model> {
  const model = MODELS.find((each) => each.name === name);
  if (model !== undefined && (version ?? MODEL_VERSION) === MODEL_VERSION) return ok(model);
  const known = MODELS.map((each) => `${each.name} with version ${MODEL_VERSION}`);
  return fail({ code: 'model_unknown', name, known, ...(version === undefined ? {} : { version }) });
}

/** The protocol's `$metadata_model_response`. */
export function modelMetadata({ name, input }: Model): object {
  return { name, versions: [MODEL_VERSION], platform: 'onnxruntime_onnx', inputs: [input], outputs: OUTPUTS };
}
