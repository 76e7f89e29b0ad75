/**
 * Open Inference Protocol v2 under `/v2`, with Triton's extensions for binary tensors and classification.
 *
 * Errors are problem details as everywhere, and their `error` is the protocol's. What the protocol's Triton
 * clients can ask beside it (configuration, statistics, repository, shared memory) is not there, and not
 * claimed in `extensions`.
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
import { inferHandler } from './infer.ts';
import { findModel, type Model, modelMetadata } from './models.ts';

const SERVER = { name: 'mobilenet-edge', version, extensions: ['classification', 'binary_tensor_data'] };

export function openInferenceRoute(services: Services): Hono<AppEnv> {
  const { classifier, guard } = services;

  async function ready(c: Context<AppEnv>, model: Model): Promise<Response> {
    await classifier.warm();
    return c.json({ name: model.name, ready: true });
  }

  return new Hono<AppEnv>()
    .get('/', (c) => c.json(SERVER))
    .get('/health/live', (c) => c.json({ live: true }))
    .get('/health/ready', async (c) => {
      await classifier.warm();
      // The protocol's text calls it `live` here too; its other servers and clients call it `ready`.
      return c.json({ live: true, ready: true });
    })
    .on('GET', modelPaths(''), (c) => withModel(c, (model) => c.json(modelMetadata(model))))
    .on('GET', modelPaths('/ready'), (c) => withModel(c, (model) => ready(c, model)))
    .on('POST', modelPaths('/infer'), guard, inferHandler);
}

/** The version in the path is optional. */
function modelPaths(end: string): string[] {
  return [`/models/:model${end}`, `/models/:model/versions/:version${end}`];
}

function withModel(
  c: Context<AppEnv>,
  answer: (model: Model) => Response | Promise<Response>,
): Response | Promise<Response> {
  const model = findModel(c.req.param('model') ?? '', c.req.param('version'));
  return model.ok ? answer(model.value) : problemResponse(c, model.failure);
}
