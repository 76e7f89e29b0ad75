/** What TensorFlow Serving tells about a model: its status and its signature. */
import { MODEL } from '../../../answer.ts';
import { fail, ok, type Result } from '../../../failure.ts';
import { LOGIT_COUNT } from '../../../inference/softmax.ts';
import { PUBLIC_INPUT_SHAPE } from '../../../inference/tensor.ts';

/** TensorFlow Serving counts versions; there is only the one that is deployed. */
const SERVED_VERSION = '1';

/** The only signature, and the one that is used when none is named. */
export const SIGNATURE = 'serving_default';

/** @param version as in the path; without one, the newest is meant. @returns nothing, or `model_unknown`. */
export function checkModel(name: string, version?: string): Result<undefined> {
  if (name === MODEL.name && (version ?? SERVED_VERSION) === SERVED_VERSION) return ok(undefined);
  const known = [`${MODEL.name} with version ${SERVED_VERSION}`];
  return fail({ code: 'model_unknown', name, known, ...(version === undefined ? {} : { version }) });
}

/** GetModelStatusResponse in JSON. */
export function modelStatus() {
  return {
    model_version_status: [
      { version: SERVED_VERSION, state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } },
    ],
  };
}

/** GetModelMetadataResponse in JSON: 64-bit numbers are text there, and -1 is any number of instances. */
export function modelMetadata() {
  return {
    model_spec: { name: MODEL.name, signature_name: '', version: SERVED_VERSION },
    metadata: {
      signature_def: {
        signature_def: {
          [SIGNATURE]: {
            inputs: { inputs: floatTensor('inputs', [-1, ...PUBLIC_INPUT_SHAPE]) },
            outputs: { logits: floatTensor('logits', [-1, LOGIT_COUNT]) },
            method_name: 'tensorflow/serving/predict',
          },
        },
      },
    },
  };
}

function floatTensor(name: string, shape: readonly number[]) {
  const dim = shape.map((size) => ({ size: String(size), name: '' }));
  return { dtype: 'DT_FLOAT', tensor_shape: { dim, unknown_rank: false }, name };
}
