/**
 * Open Inference Protocol v2 under `/v2`, with Triton's extensions for binary tensors and classification.
 *
 * Errors are problem details as everywhere, and their `error` is the protocol's. The other requests of Triton's clients
 * (configuration, statistics, loading, shared memory) are not implemented, and not listed in `extensions`.
 *
 * @see https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
 * @see https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
 * @see https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_classification.md
 */
import { type Context, Hono } from 'hono';
import { version } from '../../../../package.json';
import type { AppEnv } from '../../env.ts';
import { problemResponse } from '../../problem.ts';
import type { Services } from '../../services.ts';
import { guardOfCollections, modelName } from '../taught.ts';
import { infer } from './infer.ts';
import { findModel, isNetwork, type Model, modelMetadata } from './models.ts';
import { repositoryIndex } from './repository.ts';

const SERVER = { name: 'mobilenet-edge', version, extensions: ['classification', 'binary_tensor_data'] };

export function openInferenceRoute(services: Services): Hono<AppEnv> {
  const { classifier, guard } = services;
  const known = guardOfCollections(services, (c) => isNetwork(c.req.param('model') ?? ''));

  async function ready(c: Context<AppEnv>, model: Model): Promise<Response> {
    await classifier.warm();
    return c.json({ name: model.name, ready: true });
  }

  async function metadata(c: Context<AppEnv>, model: Model): Promise<Response> {
    const told = await modelMetadata(model);
    return told.ok ? c.json(told.value) : problemResponse(c, told.failure);
  }

  async function withModel(
    c: Context<AppEnv>,
    answer: (model: Model) => Response | Promise<Response>,
  ): Promise<Response> {
    const model = await findModel(c, services);
    return model.ok ? answer(model.value) : problemResponse(c, model.failure);
  }

  return new Hono<AppEnv>()
    .get('/', (c) => c.json(SERVER))
    .get('/health/live', (c) => c.json({ live: true }))
    .get('/health/ready', async (c) => {
      await classifier.warm();
      // The protocol's text calls it `live` here too; other servers and clients call it `ready`.
      return c.json({ live: true, ready: true });
    })
    .post('/repository/index', guard, (c) => repositoryIndex(c, services))
    .on('GET', modelPaths(''), known, (c) => withModel(c, (model) => metadata(c, model)))
    .on('GET', modelPaths('/ready'), known, (c) => withModel(c, (model) => ready(c, model)))
    .on('POST', modelPaths('/infer'), guard, (c) => infer(c, services));
}

/** The version in the path is optional. */
function modelPaths(end: string): string[] {
  return [`/models/${MODEL_NAME}${end}`, `/models/${MODEL_NAME}/versions/:version${end}`];
}

const MODEL_NAME = modelName('model');
