/**
 * The models under `/v2`: the network and each collection, both on float tensors and, as `NAME_image`, on image files.
 *
 * This is the protocol's model metadata, and what requests are validated against.
 */
import type { Context } from 'hono';
import { MODEL } from '../../../answer.ts';
import { answerOf } from '../../../collections/head.ts';
import { fail, ok, type Result } from '../../../failure.ts';
import { labelAt } from '../../../inference/labels.ts';
import type { NetworkOutput } from '../../../inference/network.ts';
import { LOGIT_COUNT } from '../../../inference/softmax.ts';
import { PUBLIC_INPUT_SHAPE } from '../../../inference/tensor.ts';
import type { AppEnv } from '../../env.ts';
import type { Services } from '../../services.ts';
import { type Taught, taughtModel } from '../taught.ts';

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: 'FP32' | 'BYTES' | 'BOOL';
  /** −1 first stands for the number of instances, and later for a number that may differ in another version. */
  readonly shape: readonly number[];
}

/** Contents of an output for one instance. */
export type Row = Float32Array | readonly string[] | readonly boolean[];

export interface Output extends TensorMetadata {
  /** Labels of the elements in a row, if they can be ranked; undefined for an element without a label. */
  readonly placeName?: (index: number) => string | undefined;
}

export interface Model {
  readonly name: string;
  /** The version that answers. */
  readonly version: string;
  /** The versions that metadata lists. */
  readonly versions: Taught['versions'];
  readonly platform: string;
  readonly input: TensorMetadata;
  /** Row n of an output belongs to instance n of the input. */
  readonly outputs: readonly Output[];
  /** The rows of an instance, by the name of the output. */
  rows(output: NetworkOutput): Readonly<Record<string, Row>>;
}

/** The only version of the network: what clients put into the path, not the model card's `version`. */
export const MODEL_VERSION = '1';

/** Suffix of the model that takes files, after the name of the one that takes tensors. Collection names have no `_`. */
const OF_FILES = '_image';

/** RGB in [0, 1]. */
const TENSOR: TensorMetadata = { name: 'inputs', datatype: 'FP32', shape: [-1, ...PUBLIC_INPUT_SHAPE] };

/** Each element is an image file: its bytes in a binary tensor, its base64 or data: URL in JSON. */
const FILES: TensorMetadata = { name: 'image', datatype: 'BYTES', shape: [-1] };

const NETWORK = {
  version: MODEL_VERSION,
  versions: async () => ok([MODEL_VERSION]),
  platform: 'onnxruntime_onnx',
  outputs: [
    // Unnormalised; 0 is background, n + 1 is class n of ILSVRC-2012.
    {
      name: 'logits',
      datatype: 'FP32',
      shape: [-1, LOGIT_COUNT],
      placeName: (index) => (index === 0 ? 'background' : labelAt(index - 1).label),
    },
    { name: 'embedding', datatype: 'FP32', shape: [-1, 1024], placeName: () => undefined },
  ],
  rows: ({ logits, embedding }) => ({ logits, embedding }),
} satisfies Omit<Model, 'name' | 'input'>;

export const IMAGE_MODEL: Model = { ...NETWORK, name: `${MODEL.name}${OF_FILES}`, input: FILES };

const NETWORK_MODELS: readonly Model[] = [{ ...NETWORK, name: MODEL.name, input: TENSOR }, IMAGE_MODEL];

export function isNetwork(name: string): boolean {
  return NETWORK_MODELS.some((each) => each.name === name);
}

/**
 * @returns the model of that name and version, or `model_unknown`; without a version, the newest that can answer. For a
 *   collection also the failure that keeps it from answering.
 */
export async function findModel(c: Context<AppEnv>, { collections }: Services): Promise<Result<Model>> {
  const name = c.req.param('model') ?? '';
  const version = c.req.param('version');
  const model = NETWORK_MODELS.find((each) => each.name === name);
  const known = NETWORK_MODELS.map((each) => `${each.name} with version ${MODEL_VERSION}`);
  if (model !== undefined) {
    return version === undefined || version === MODEL_VERSION
      ? ok(model)
      : fail({ code: 'model_unknown', name, version, known });
  }
  const ofFiles = name.endsWith(OF_FILES);
  const collection = ofFiles ? name.slice(0, -OF_FILES.length) : name;
  const taught = await taughtModel(c, collections, { name: collection, called: name, version, known });
  return taught.ok ? ok(modelOf(taught.value, name, ofFiles ? FILES : TENSOR)) : taught;
}

/** The number of labels may change with the version, so metadata leaves it open. */
function modelOf(
  { version, versions, served: { head } }: Taught,
  name: string,
  input: TensorMetadata,
): Model {
  return {
    name,
    version,
    versions,
    platform: 'mobilenet-edge_collection',
    input,
    outputs: [
      // Probabilities, in the order of the labels.
      { name: 'scores', datatype: 'FP32', shape: [-1, -1], placeName: (index) => head.labels[index] },
      { name: 'labels', datatype: 'BYTES', shape: [-1, -1] },
      { name: 'unknown', datatype: 'BOOL', shape: [-1] },
      // Cosine to the nearest label's mean.
      { name: 'similarity', datatype: 'FP32', shape: [-1] },
    ],
    rows({ embedding }) {
      const { probabilities, unknown, similarity } = answerOf(head, embedding, 0);
      return {
        scores: probabilities,
        labels: head.labels,
        unknown: [unknown],
        similarity: Float32Array.of(similarity),
      };
    },
  };
}

/** The protocol's `$metadata_model_response`. Its `versions` are those that a path may name. */
export async function modelMetadata(model: Model): Promise<Result<object>> {
  const versions = await model.versions();
  if (!versions.ok) return versions;
  const { name, platform, input } = model;
  const outputs = model.outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape }));
  return ok({ name, versions: versions.value, platform, inputs: [input], outputs });
}

/** The models of a collection, by name. */
export function modelNames(collection: string): readonly string[] {
  return [collection, `${collection}${OF_FILES}`];
}
