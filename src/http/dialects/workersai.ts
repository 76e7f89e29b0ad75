/**
 * Workers AI over REST: `POST /client/v4/accounts/{id}/ai/run/{model}`, for clients of Cloudflare's API.
 *
 * The account id is ignored. The model is our own; or a configured alias, so that a program written for another
 * classifier runs unchanged; or `@me/NAME` for a collection and `@me/OWNER/NAME` for a shared one, which is in no
 * catalogue and cannot be an alias. Everything under `/client/v4` answers in the API's envelope, including unknown
 * routes.
 *
 * @see https://developers.cloudflare.com/workers-ai/models/resnet-50/
 */
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { MODEL } from '../../answer.ts';
import { WORKERS_AI_OWN } from '../../collections/names.ts';
import { fail, ok, type Result } from '../../failure.ts';
import { type ImageInput, readImage } from '../../input/image.ts';
import { BYTES, checkFields } from '../../input/json.ts';
import { describe, type ProblemStatus } from '../../problem.ts';
import type { AppEnv } from '../env.ts';
import type { FailureFormat } from '../failure-format.ts';
import { parametersReader } from '../options.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';
import { type Classes, classesOf, NETWORK_CLASSES, predictions, topKOptionsSchema } from './predictions.ts';
import { taughtModel } from './taught.ts';

const NOT_BYTES = 'must be a list of whole numbers from 0 to 255, the bytes of an image file';

/** The numbers are described here and validated by `readBytes`, because a schema would take much longer. */
export const workersAiBodySchema = z.looseObject(
  {
    image: z
      .array(z.unknown().meta({ type: 'integer', minimum: 0, maximum: 255 }), { error: NOT_BYTES })
      .min(1, { error: NOT_BYTES }),
  },
  { error: 'must be an object with "image", the bytes of an image file as a list of numbers' },
);

/**
 * The API's error numbers: those that its documentation gives for the status, or that it is known to answer with.
 * Clients that know them react as they would to the API itself.
 *
 * @see https://developers.cloudflare.com/workers-ai/platform/errors/
 */
const ERROR_NUMBERS: Readonly<Record<ProblemStatus, number>> = {
  400: 5004, // Invalid data
  401: 10000, // Authentication error
  403: 3041, // Account not allowed
  404: 7000, // No route for that URI
  405: 10405, // Method not allowed
  408: 3007, // Timeout
  409: 5004,
  413: 3006, // Request too large
  415: 5004,
  422: 5004,
  429: 3040, // Out of capacity
  500: 3043, // Internal server error
  502: 3043,
  504: 3007,
};

/** Invalid model ID, which has the same status as unknown routes. */
const MODEL_ERROR_NUMBER = 3042;

export const ENVELOPE: FailureFormat = {
  contentType: 'application/json',
  body: (failure) => {
    const { status, detail } = describe(failure);
    const code = failure.code === 'model_unknown' ? MODEL_ERROR_NUMBER : ERROR_NUMBERS[status];
    return { success: false, errors: [{ code, message: detail }], result: null, messages: [] };
  },
};

export function workersAiRoute(services: Services): Hono<AppEnv> {
  const known = [MODEL.name, ...services.settings.WORKERS_AI_MODELS];
  return new Hono<AppEnv>()
    .use(async (c, next) => {
      c.set('failureFormat', ENVELOPE);
      await next();
    })
    .post('/accounts/:account/ai/run/:model{.+}', services.guard, async (c) => {
      const name = c.req.param('model');
      if (known.includes(name)) return run(c, NETWORK_CLASSES);
      // Without it, the name is not a collection's.
      const collection = name.startsWith(WORKERS_AI_OWN) ? name.slice(WORKERS_AI_OWN.length) : '';
      const asked = { name: collection, called: name, known, before: WORKERS_AI_OWN };
      const model = await taughtModel(c, services.collections, asked);
      return model.ok ? run(c, classesOf(model.value.served.head)) : problemResponse(c, model.failure);
    });
}

const readParameters = parametersReader(topKOptionsSchema);

async function run(c: Context<AppEnv>, classes: Classes): Promise<Response> {
  const { classifier, limits } = c.get('work');
  const asked = readParameters(c);
  if (!asked.ok) return problemResponse(c, asked.failure);
  // The limit for numbers applies to its text.
  const ofNumbers = { ...limits, maxJsonBytes: limits.maxTensorBytes, jsonShape: BYTES };
  const input = await readImage(c.req.raw, ofNumbers, jsonImage);
  if (!input.ok) return problemResponse(c, input.failure);
  const options = readParameters(c, input.value.fields);
  if (!options.ok) return problemResponse(c, options.failure);
  const seen = await classifier.see(input.value.bytes);
  if (!seen.ok) return problemResponse(c, seen.failure);
  const result = predictions(classes, seen.value, options.value.top_k);
  return c.json({ result, success: true, errors: [], messages: [] });
}

/** `{"image": [bytes]}`, whose other members are ignored. */
function jsonImage(value: unknown): Result<ImageInput> {
  const fields = checkFields(workersAiBodySchema, value);
  if (!fields.ok) return fields;
  const bytes = readBytes(fields.value.image);
  return bytes.ok ? ok({ bytes: bytes.value, fields: [] }) : bytes;
}

function readBytes(numbers: readonly unknown[]): Result<Uint8Array> {
  const bytes = new Uint8Array(numbers.length);
  for (let at = 0; at < bytes.length; at++) {
    const byte = numbers[at];
    if (typeof byte !== 'number' || !Number.isInteger(byte) || byte < 0 || byte > 255) {
      return fail({
        code: 'field_invalid',
        field: `image.${at}`,
        reason: 'must be a whole number from 0 to 255',
      });
    }
    bytes[at] = byte;
  }
  return ok(bytes);
}
