/**
 * TensorFlow Serving's REST API: status, metadata, `:predict` and `:classify` of our one model.
 *
 * `:predict` gives the 1001 logits untouched, as the published signature has them; `:classify` names
 * classes with their softmax probability and never lists background. Instances are run one at a time,
 * and the first that does not fit fails the request, as one tensor of all of them would.
 *
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 */
import { type Context, Hono } from 'hono';
import type { Classifier } from '../../../classifier.ts';
import { fail, ok, type Result } from '../../../failure.ts';
import { softmax } from '../../../inference/softmax.ts';
import { toGraphInput } from '../../../inference/tensor.ts';
import type { AppEnv } from '../../env.ts';
import { parametersReader } from '../../options.ts';
import { problemResponse } from '../../problem.ts';
import type { Services } from '../../services.ts';
import { bestLabels, topKOptionsSchema } from '../predictions.ts';
import { readJsonBody } from './body.ts';
import { classifyRequest, predictRequest, type RawInstance, readInstance } from './instances.ts';
import { checkModel, modelMetadata, modelStatus } from './model.ts';

type Method = (c: Context<AppEnv>) => Promise<Response>;

export function tfServingRoute({ guard }: Services): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/models/:model{[^/:]+}', (c) => describeModel(c, modelStatus))
    .get('/models/:model{[^/:]+}/versions/:version{[^/:]+}', (c) => describeModel(c, modelStatus))
    .get('/models/:model{[^/:]+}/metadata', (c) => describeModel(c, modelMetadata))
    .get('/models/:model{[^/:]+}/versions/:version{[^/:]+}/metadata', (c) => describeModel(c, modelMetadata))
    .post('/models/:target{[^/:]+:predict}', guard, (c) => call(c, predict))
    .post('/models/:model/versions/:target{[^/:]+:predict}', guard, (c) => call(c, predict))
    .post('/models/:target{[^/:]+:classify}', guard, (c) => call(c, classify))
    .post('/models/:model/versions/:target{[^/:]+:classify}', guard, (c) => call(c, classify));
}

function describeModel(c: Context<AppEnv>, answer: () => object): Response {
  const known = checkModel(c.req.param('model') ?? '', c.req.param('version'));
  return known.ok ? c.json(answer()) : problemResponse(c, known.failure);
}

/** The method stands behind a colon in the last part of the path, which is a model or a version. */
function call(c: Context<AppEnv>, method: Method): Response | Promise<Response> {
  const [last = ''] = (c.req.param('target') ?? '').split(':');
  const model = c.req.param('model');
  const known = model === undefined ? checkModel(last) : checkModel(model, last);
  return known.ok ? method(c) : problemResponse(c, known.failure);
}

async function predict(c: Context<AppEnv>): Promise<Response> {
  const { classifier, limits } = c.get('work');
  const json = await readJsonBody(c.req.raw, limits);
  if (!json.ok) return problemResponse(c, json.failure);
  const request = predictRequest(json.value, limits.maxBatchItems);
  if (!request.ok) return problemResponse(c, request.failure);
  const { format, instances } = request.value;
  const rows = await runEach(classifier, instances, (logits) => Array.from(logits));
  if (!rows.ok) return problemResponse(c, rows.failure);
  // The signature has one output, so its name is left out.
  return c.json(format === 'row' ? { predictions: rows.value } : { outputs: rows.value });
}

const readParameters = parametersReader(topKOptionsSchema);

async function classify(c: Context<AppEnv>): Promise<Response> {
  const { classifier, limits } = c.get('work');
  const options = readParameters(c);
  if (!options.ok) return problemResponse(c, options.failure);
  const json = await readJsonBody(c.req.raw, limits);
  if (!json.ok) return problemResponse(c, json.failure);
  const examples = classifyRequest(json.value, limits.maxBatchItems);
  if (!examples.ok) return problemResponse(c, examples.failure);
  const results = await runEach(classifier, examples.value, (logits) =>
    bestLabels(softmax(logits), options.value.top_k).map(({ label, score }) => [label, score]),
  );
  // The documentation's prose has `result`; its example, and the server itself, `results`.
  return results.ok ? c.json({ results: results.value }) : problemResponse(c, results.failure);
}

/** Runs the network on each instance in turn, and keeps what `answer` makes of its 1001 logits. */
async function runEach<T>(
  classifier: Classifier,
  instances: readonly RawInstance[],
  answer: (logits: Float32Array) => T,
): Promise<Result<readonly T[]>> {
  const answers: T[] = [];
  for (const instance of instances) {
    const logits = await run(classifier, instance);
    if (!logits.ok) return logits;
    answers.push(answer(logits.value));
  }
  return ok(answers);
}

async function run(classifier: Classifier, raw: RawInstance): Promise<Result<Float32Array>> {
  const instance = readInstance(raw);
  if (!instance.ok) return instance;
  if (instance.value.kind === 'picture') {
    const seen = await classifier.see(instance.value.bytes);
    return seen.ok ? ok(seen.value.logits) : seen;
  }
  const { logits } = await classifier.infer(toGraphInput(instance.value.floats));
  // JSON has no NaN or infinity to say so with.
  if (logits.every(Number.isFinite)) return ok(logits);
  const reason = 'holds numbers so far outside [0, 1] that the network overflows';
  return fail({ code: 'field_invalid', field: raw.field, reason });
}
