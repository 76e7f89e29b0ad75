/**
 * Hugging Face image classification, as in the Inference API and Inference Endpoints.
 *
 * `POST /hf` is an endpoint's URL; `POST /hf/models/{name}` is for clients that append a model's name to a base URL:
 * the network's, with or without an owner, or a collection's. A picture comes as the body, or in JSON if
 * huggingface_hub has a parameter to send. The answer is a plain array with the content type application/json without
 * parameters, because both clients refuse anything else.
 *
 * @see https://huggingface.co/docs/inference-providers/tasks/image-classification
 */
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { MODEL } from '../../answer.ts';
import { ok, type Result } from '../../failure.ts';
import { softmax } from '../../inference/softmax.ts';
import { decodeBase64 } from '../../input/base64.ts';
import { type ImageInput, readImage } from '../../input/image.ts';
import { checkFields } from '../../input/json.ts';
import { topKSchema } from '../../options.ts';
import type { AppEnv } from '../env.ts';
import { parametersReader } from '../options.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';
import { type Classes, classesOf, NETWORK_CLASSES, predictions } from './predictions.ts';
import { taughtModel } from './taught.ts';

/** Functions from logits to scores; each is applied to all logits. */
const FUNCTIONS: Readonly<Record<'softmax' | 'sigmoid' | 'none', (logits: Float32Array) => Float32Array>> = {
  softmax,
  sigmoid: (logits) => logits.map((logit) => 1 / (1 + Math.exp(-logit))),
  none: (logits) => logits,
};

const FUNCTION = '"softmax", "sigmoid" or "none"';

/** In `parameters`, or in the query, because the JavaScript client drops `parameters`. */
export const hfParametersSchema = z.object({
  top_k: topKSchema,
  function_to_apply: z.enum(['softmax', 'sigmoid', 'none'], { error: FUNCTION }).default('softmax'),
});

/** `parameters` is validated by `hfParametersSchema` together with the query. */
export const hfBodySchema = z.looseObject(
  {
    inputs: z.string({ error: 'must be the base64 of an image file' }),
    parameters: z.looseObject({}, { error: 'must be an object' }).nullish(),
  },
  { error: 'must be an object with "inputs", the base64 of an image file' },
);

export function huggingFaceRoute({ guard, collections }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .post('/', guard, (c) => classify(c, NETWORK_CLASSES))
    .post('/models/:name{.+}', guard, async (c) => {
      const name = c.req.param('name');
      if (isOurs(name)) return classify(c, NETWORK_CLASSES);
      const model = await taughtModel(c, collections, { name, known: [MODEL.name] });
      return model.ok ? classify(c, classesOf(model.value.served.head)) : problemResponse(c, model.failure);
    });
}

const readParameters = parametersReader(hfParametersSchema);

async function classify(c: Context<AppEnv>, classes: Classes): Promise<Response> {
  const { classifier, limits } = c.get('work');
  // Checked first, so that an invalid query costs no upload.
  const asked = readParameters(c);
  if (!asked.ok) return problemResponse(c, asked.failure);
  const input = await readImage(c.req.raw, limits, jsonImage);
  if (!input.ok) return problemResponse(c, input.failure);
  const options = readParameters(c, input.value.fields);
  if (!options.ok) return problemResponse(c, options.failure);
  const seen = await classifier.see(input.value.bytes);
  if (!seen.ok) return problemResponse(c, seen.failure);
  const { top_k, function_to_apply } = options.value;
  return c.json(predictions(classes, seen.value, top_k, FUNCTIONS[function_to_apply]));
}

function jsonImage(value: unknown): Result<ImageInput> {
  const fields = checkFields(hfBodySchema, value);
  if (!fields.ok) return fields;
  const bytes = decodeBase64(fields.value.inputs, 'inputs');
  return bytes.ok ? ok({ bytes: bytes.value, fields: Object.entries(fields.value.parameters ?? {}) }) : bytes;
}

/** The model's own name, with or without an owner: `mobilenet_v3_small_100_224`, `google/mobilenet_…`. */
function isOurs(name: string): boolean {
  const [model, owner, ...more] = name.split('/').reverse();
  return model === MODEL.name && owner !== '' && more.length === 0;
}
