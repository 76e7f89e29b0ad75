/**
 * `POST /v2/repository/index`: the models that the caller may use. No other part of Triton's extension is implemented,
 * so the extension is not listed: there are no routes to load and unload models.
 *
 * @see https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md
 */
import type { Context } from 'hono';
import * as z from 'zod';
import { MODEL } from '../../../answer.ts';
import type { Summary } from '../../../collections/status.ts';
import { describe } from '../../../problem.ts';
import { callerOf, readJson } from '../../collection-request.ts';
import type { AppEnv } from '../../env.ts';
import { problemResponse } from '../../problem.ts';
import type { Services } from '../../services.ts';
import { MODEL_VERSION, modelNames } from './models.ts';

const READY = 'must be true or false';

export const indexSchema = z.lazy(() =>
  z.looseObject(
    {
      ready: z.boolean({ error: READY }).nullish().describe('Whether to list only models that can answer.'),
    },
    { error: 'must be an object, such as {"ready": true}' },
  ),
);

export const indexAnswerSchema = z.lazy(() =>
  z
    .array(
      z.object({
        name: z.string(),
        version: z.string().exactOptional().describe('Missing for a collection that was never taught.'),
        state: z.enum(['READY', 'UNAVAILABLE']),
        reason: z.string().describe('Why it cannot answer; empty if it can.'),
      }),
    )
    .meta({ id: 'OipRepositoryIndex' }),
);

type Entry = z.infer<typeof indexAnswerSchema>[number];

/** The network's models, and those of the caller's own collections, as the native API lists them. */
export async function repositoryIndex(c: Context<AppEnv>, { collections }: Services): Promise<Response> {
  const asked = await readJson(c, indexSchema);
  if (!asked.ok) return problemResponse(c, asked.failure);
  const summaries = await collections.list(callerOf(c));
  if (!summaries.ok && summaries.failure.code !== 'collections_off') {
    return problemResponse(c, summaries.failure);
  }
  const ready: Entry[] = modelNames(MODEL.name).map((name) => ({
    name,
    version: MODEL_VERSION,
    state: 'READY',
    reason: '',
  }));
  const taught = summaries.ok ? summaries.value.flatMap(entriesOf) : [];
  return c.json([...ready, ...taught].filter(({ state }) => state === 'READY' || asked.value.ready !== true));
}

/** A collection that has to be trained first counts as ready, because the first classification trains it. */
function entriesOf({ name, taught, active = taught, state, shards }: Summary): Entry[] {
  const reason = { empty: UNTAUGHT, search_only: describe({ code: 'collection_sharded', shards }).detail };
  return modelNames(name).map((model) =>
    state === 'empty' || state === 'search_only'
      ? { name: model, state: 'UNAVAILABLE', reason: reason[state] }
      : { name: model, version: String(active), state: 'READY', reason: '' },
  );
}

const UNTAUGHT = describe({ code: 'collection_untaught' }).detail;
