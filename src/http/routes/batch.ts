/**
 * `POST /v1/batch`: many pictures, one result or one error each.
 *
 * A picture that cannot be read fails alone. What breaks the batch itself off (bad form, too many bytes,
 * too many pictures) fails the whole answer as JSON, and is the last line as NDJSON, where the results
 * before it have been sent.
 */
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import { type Classification, classification, classificationSchema } from '../../answer.ts';
import type { Classifier } from '../../classifier.ts';
import type { Failure } from '../../failure.ts';
import { type BatchInput, openBatch } from '../../input/batch.ts';
import { type ClassifyOptions, classifyOptionsSchema } from '../../options.ts';
import type { AppEnv } from '../env.ts';
import { optionsReader } from '../options.ts';
import { problemDetails, problemResponse, problemSchema } from '../problem.ts';
import type { Services } from '../services.ts';
import type { Work } from '../work.ts';

const NDJSON = 'application/x-ndjson';

type Outcome =
  | { readonly index: number; readonly result: Classification }
  | { readonly index: number; readonly failure: Failure; readonly brokenOff: boolean };

export const batchLineSchema = z
  .union([
    z.object({ index: z.int().min(0), result: classificationSchema }).readonly(),
    z.object({ index: z.int().min(0), error: problemSchema }).readonly(),
  ])
  .meta({ id: 'BatchItem', description: "One picture's result or problem, in the order of the request." });

export const batchSchema = z
  .object({ results: z.array(batchLineSchema).readonly() })
  .readonly()
  .meta({ id: 'Batch' });

export type BatchLine = z.infer<typeof batchLineSchema>;

export function batchRoute({ guard }: Services): Hono<AppEnv> {
  const readOptions = optionsReader(classifyOptionsSchema);
  return new Hono<AppEnv>().post('/', guard, async (c) => {
    const asked = readOptions(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const work = c.get('work');
    const input = await openBatch(c.req.raw, work.limits, work.fetchImage);
    if (!input.ok) return problemResponse(c, input.failure);
    const options = readOptions(c, input.value.fields);
    if (!options.ok) return problemResponse(c, options.failure);
    const outcomes = run(work.classifier, input.value.items, options.value);
    const streamed = c.req.header('accept')?.includes(NDJSON) ?? false;
    return streamed ? ndjson(c, outcomes, work) : json(c, outcomes);
  });
}

async function* run(
  classifier: Classifier,
  items: BatchInput['items'],
  options: ClassifyOptions,
): AsyncGenerator<Outcome> {
  let index = 0;
  for await (const item of items) {
    if (item.kind === 'broken_off') {
      yield { index, failure: item.failure, brokenOff: true };
    } else {
      const seen = item.image.ok ? await classifier.see(item.image.value) : item.image;
      yield seen.ok
        ? { index, result: classification(seen.value, options) }
        : { index, failure: seen.failure, brokenOff: false };
    }
    index++;
  }
}

async function json(c: Context<AppEnv>, outcomes: AsyncIterable<Outcome>): Promise<Response> {
  const results: BatchLine[] = [];
  for await (const outcome of outcomes) {
    if ('failure' in outcome && outcome.brokenOff) return problemResponse(c, outcome.failure);
    results.push(line(c, outcome));
  }
  if (results.length === 0) return problemResponse(c, { code: 'batch_empty' });
  return c.json({ results });
}

/**
 * A line is made when the caller has taken the one before it, and never after the caller has gone. The first
 * is waited for, since a batch without pictures has none.
 */
async function ndjson(
  c: Context<AppEnv>,
  outcomes: AsyncGenerator<Outcome>,
  { limits: { hold }, abandon }: Work,
): Promise<Response> {
  const encoder = new TextEncoder();
  let first: IteratorResult<Outcome> | undefined = await outcomes.next();
  if (first.done) return problemResponse(c, { code: 'batch_empty' });
  const ended = Promise.withResolvers<void>();
  const record = c.get('record');
  record.until = ended.promise;
  // The guard lets go of its own hold when this handler returns.
  hold.retain();

  function end(): void {
    record.bytes = hold.arrived();
    hold.release();
    ended.resolve();
  }

  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = first ?? (await outcomes.next());
        first = undefined;
        if (!next.done) {
          controller.enqueue(encoder.encode(`${JSON.stringify(line(c, next.value))}\n`));
          return;
        }
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      end();
    },
    async cancel() {
      record.code = 'caller_gone';
      abandon();
      end();
      await outcomes.return(undefined);
    },
  });
  return c.body(body, 200, { 'content-type': NDJSON });
}

function line(c: Context<AppEnv>, outcome: Outcome): BatchLine {
  return 'result' in outcome
    ? outcome
    : { index: outcome.index, error: problemDetails(outcome.failure, c.get('requestId')) };
}
