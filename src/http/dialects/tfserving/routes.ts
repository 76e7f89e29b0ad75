/**
 * TensorFlow Serving's REST API: status, metadata, `:predict` and `:classify` of the network and of collections.
 *
 * `:predict` returns the network's 1001 logits unchanged, as in the published signature; `:classify` lists classes with
 * their softmax probabilities, but never background. Instances are run one at a time, and the first invalid one fails
 * the request, as one tensor of all would.
 *
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 */
import { type Context, Hono } from 'hono';
import type { Classifier } from '../../../classifier.ts';
import { fail, ok, type Result } from '../../../failure.ts';
import type { NetworkOutput } from '../../../inference/network.ts';
import { toGraphInput } from '../../../inference/tensor.ts';
import type { AppEnv } from '../../env.ts';
import { parametersReader } from '../../options.ts';
import { problemResponse } from '../../problem.ts';
import type { Services } from '../../services.ts';
import { predictions, topKOptionsSchema } from '../predictions.ts';
import { guardOfCollections, modelName } from '../taught.ts';
import { readJsonBody } from './body.ts';
import { classifyRequest, predictRequest, type RawInstance, readInstance } from './instances.ts';
import { findModel, isNetwork, type Model, modelMetadata, modelStatus } from './model.ts';

type Method = (c: Context<AppEnv>, model: Model) => Promise<Response>;

/** A method follows a colon. */
const PART = '[^/:]';

export function tfServingRoute(services: Services): Hono<AppEnv> {
  const { guard } = services;
  const known = guardOfCollections(services, (c) => isNetwork(c.req.param('model') ?? ''));

  async function about(
    c: Context<AppEnv>,
    answer: (model: Model) => Promise<Result<object>>,
  ): Promise<Response> {
    const model = await findModel(c, services, c.req.param('model') ?? '', c.req.param('version'));
    const told = model.ok ? await answer(model.value) : model;
    return told.ok ? c.json(told.value) : problemResponse(c, told.failure);
  }

  /** The method follows a colon in the last segment of the path, which is a model or a version. */
  async function call(c: Context<AppEnv>, method: Method): Promise<Response> {
    const target = c.req.param('target') ?? '';
    const last = target.slice(0, target.lastIndexOf(':'));
    const name = c.req.param('model');
    const model = await (name === undefined
      ? findModel(c, services, last)
      : findModel(c, services, name, last));
    return model.ok ? method(c, model.value) : problemResponse(c, model.failure);
  }

  const name = `/models/${modelName('model', PART)}`;
  const version = `${name}/versions/:version{${PART}+}`;
  const route = new Hono<AppEnv>()
    .get(name, known, (c) => about(c, modelStatus))
    .get(version, known, (c) => about(c, modelStatus))
    .get(`${name}/metadata`, known, (c) => about(c, async (model) => ok(modelMetadata(model))))
    .get(`${version}/metadata`, known, (c) => about(c, async (model) => ok(modelMetadata(model))));
  for (const [method, answer] of Object.entries({ predict, classify })) {
    route
      .post(`/models/${modelName('target', PART, `:${method}`)}`, guard, (c) => call(c, answer))
      .post(`${name}/versions/:target{${PART}+:${method}}`, guard, (c) => call(c, answer));
  }
  return route;
}

async function predict(c: Context<AppEnv>, model: Model): Promise<Response> {
  const { classifier, limits } = c.get('work');
  const json = await readJsonBody(c.req.raw, limits);
  if (!json.ok) return problemResponse(c, json.failure);
  const request = predictRequest(json.value, limits.maxBatchItems);
  if (!request.ok) return problemResponse(c, request.failure);
  const { format, instances } = request.value;
  const rows = await runEach(classifier, instances, model.predict);
  if (!rows.ok) return problemResponse(c, rows.failure);
  const [only, ...others] = model.outputs.map(({ name }) => name);
  // The name of a single output is omitted.
  const named = only === undefined || others.length > 0;
  const column = (name: string) => rows.value.map((row) => row[name]);
  if (format === 'row') return c.json({ predictions: named ? rows.value : column(only) });
  const columns = () => Object.fromEntries(model.outputs.map(({ name }) => [name, column(name)]));
  return c.json({ outputs: named ? columns() : column(only) });
}

const readParameters = parametersReader(topKOptionsSchema);

async function classify(c: Context<AppEnv>, { classes }: Model): Promise<Response> {
  const { classifier, limits } = c.get('work');
  const options = readParameters(c);
  if (!options.ok) return problemResponse(c, options.failure);
  const json = await readJsonBody(c.req.raw, limits);
  if (!json.ok) return problemResponse(c, json.failure);
  const examples = classifyRequest(json.value, limits.maxBatchItems);
  if (!examples.ok) return problemResponse(c, examples.failure);
  const lists = await runEach(classifier, examples.value, (output) =>
    predictions(classes, output, options.value.top_k),
  );
  if (!lists.ok) return problemResponse(c, lists.failure);
  const unknown = lists.value.flatMap(([first]) => first?.unknown ?? []);
  return c.json({
    // The documentation's prose has `result`; its example and the server itself have `results`.
    results: lists.value.map((list) => list.map(({ label, score }) => [label, score])),
    ...(unknown.length > 0 ? { unknown } : {}),
  });
}

/** Runs the network on each instance in turn, and collects the results of `answer`. */
async function runEach<T>(
  classifier: Classifier,
  instances: readonly RawInstance[],
  answer: (output: NetworkOutput) => T,
): Promise<Result<readonly T[]>> {
  const answers: T[] = [];
  for (const instance of instances) {
    const output = await run(classifier, instance);
    if (!output.ok) return output;
    answers.push(answer(output.value));
  }
  return ok(answers);
}

async function run(classifier: Classifier, raw: RawInstance): Promise<Result<NetworkOutput>> {
  const instance = readInstance(raw);
  if (!instance.ok) return instance;
  if (instance.value.kind === 'picture') return classifier.see(instance.value.bytes);
  const output = await classifier.infer(toGraphInput(instance.value.floats));
  // JSON has no NaN or infinity.
  if (output.logits.every(Number.isFinite) && output.embedding.every(Number.isFinite)) return ok(output);
  const reason = 'holds numbers so far outside [0, 1] that the network overflows';
  return fail({ code: 'field_invalid', field: raw.field, reason });
}
