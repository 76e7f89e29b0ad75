/** A model of TensorFlow Serving, and the answers of its `:predict`. */
import type { Context } from 'hono';
import { MODEL } from '../../../answer.ts';
import { answerOf } from '../../../collections/head.ts';
import { fail, ok, type Result } from '../../../failure.ts';
import type { NetworkOutput } from '../../../inference/network.ts';
import { LOGIT_COUNT } from '../../../inference/softmax.ts';
import { PUBLIC_INPUT_SHAPE } from '../../../inference/tensor.ts';
import type { AppEnv } from '../../env.ts';
import type { Services } from '../../services.ts';
import { type Classes, classesOf, NETWORK_CLASSES } from '../predictions.ts';
import { type Taught, taughtModel } from '../taught.ts';

/** TensorFlow Serving counts versions; of the network only the deployed one exists. */
const NETWORK_VERSION = '1';

/** The only signature, which is also the default. */
export const SIGNATURE = 'serving_default';

type Value = string | boolean | number | readonly string[] | readonly number[];

/** An output of `:predict`. */
interface Output {
  readonly name: string;
  readonly dtype: 'DT_FLOAT' | 'DT_STRING' | 'DT_BOOL';
  /** −1 is any number: of instances first, and of labels later, since they may change with the version. */
  readonly shape: readonly number[];
}

export interface Model {
  readonly name: string;
  /** The version that answers. */
  readonly version: string;
  /** The versions that the status lists. */
  readonly versions: Taught['versions'];
  readonly classes: Classes;
  readonly outputs: readonly Output[];
  /** The outputs for an instance, by name. */
  predict(output: NetworkOutput): Readonly<Record<string, Value>>;
}

const NETWORK: Model = {
  name: MODEL.name,
  version: NETWORK_VERSION,
  versions: async () => ok([NETWORK_VERSION]),
  classes: NETWORK_CLASSES,
  outputs: [{ name: 'logits', dtype: 'DT_FLOAT', shape: [-1, LOGIT_COUNT] }],
  predict: ({ logits }) => ({ logits: Array.from(logits) }),
};

export function isNetwork(name: string): boolean {
  return name === NETWORK.name;
}

/**
 * @param version in the path; without one, the newest that can answer.
 * @returns the model, or `model_unknown`; for a collection also the failure that keeps it from answering.
 */
export async function findModel(
  c: Context<AppEnv>,
  { collections }: Services,
  name: string,
  version?: string,
): Promise<Result<Model>> {
  const known = [`${MODEL.name} with version ${NETWORK_VERSION}`];
  if (isNetwork(name)) {
    return version === undefined || version === NETWORK_VERSION
      ? ok(NETWORK)
      : fail({ code: 'model_unknown', name, known, version });
  }
  const taught = await taughtModel(c, collections, { name, version, known });
  return taught.ok ? ok(modelOf(taught.value)) : taught;
}

/** `classes` and `scores` are TensorFlow's names for the outputs of a classifier, in the order of the labels. */
function modelOf({ name, version, versions, served: { head } }: Taught): Model {
  return {
    name,
    version,
    versions,
    classes: classesOf(head),
    outputs: [
      { name: 'classes', dtype: 'DT_STRING', shape: [-1, -1] },
      { name: 'scores', dtype: 'DT_FLOAT', shape: [-1, -1] },
      { name: 'unknown', dtype: 'DT_BOOL', shape: [-1] },
      { name: 'similarity', dtype: 'DT_FLOAT', shape: [-1] },
    ],
    predict({ embedding }) {
      const { probabilities, unknown, similarity } = answerOf(head, embedding, 0);
      return { classes: head.labels, scores: Array.from(probabilities), unknown, similarity };
    },
  };
}

/** GetModelStatusResponse in JSON: for every version that can answer, or for the requested one. */
export async function modelStatus(model: Model): Promise<Result<object>> {
  const versions = await model.versions();
  if (!versions.ok) return versions;
  const status = { error_code: 'OK', error_message: '' };
  return ok({
    model_version_status: versions.value.map((version) => ({ version, state: 'AVAILABLE', status })),
  });
}

/** GetModelMetadataResponse in JSON: 64-bit numbers are text there. */
export function modelMetadata({ name, version, outputs }: Model) {
  return {
    model_spec: { name, signature_name: '', version },
    metadata: {
      signature_def: {
        signature_def: {
          [SIGNATURE]: {
            inputs: {
              inputs: tensor({ name: 'inputs', dtype: 'DT_FLOAT', shape: [-1, ...PUBLIC_INPUT_SHAPE] }),
            },
            outputs: Object.fromEntries(outputs.map((output) => [output.name, tensor(output)])),
            method_name: 'tensorflow/serving/predict',
          },
        },
      },
    },
  };
}

function tensor({ name, dtype, shape }: Output) {
  const dim = shape.map((size) => ({ size: String(size), name: '' }));
  return { dtype, tensor_shape: { dim, unknown_rank: false }, name };
}
