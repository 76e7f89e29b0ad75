/**
 * The queue's consumer: processes a chunk of a job, or a picture that has just been put into the bucket. Every message
 * is acknowledged separately, so that a failure does not affect others.
 */
import type { Classifier } from '../classifier.ts';
import type { Collections } from '../collections/collections.ts';
import type { Failure } from '../failure.ts';
import type { InFlight } from '../input/in-flight.ts';
import { type Settings, unitLimitsOf } from '../settings.ts';
import type { JobBindings } from './bindings.ts';
import type { Delivery } from './bucket.ts';
import { CHUNK_UNITS } from './budget.ts';
import { unitsOf } from './cost.ts';
import { type Indexed, isOfTheMoment, keepItems } from './indexing.ts';
import type { ChunkWork } from './job.ts';
import { bucketEventSchema, type ChunkMessage, chunkMessageSchema, PUT_ACTIONS } from './messages.ts';
import { createNewPictures } from './new-pictures.ts';
import { type PictureSource, picturesOf } from './pictures.ts';
import { NO_FILE, readResults, writeResults } from './result-file.ts';
import { chunkKey } from './result-keys.ts';
import { type Line, lineOf } from './result-line.ts';
import { optionsOf } from './schemas.ts';
import { type Make, makerOf } from './task.ts';

export interface ConsumerParts {
  readonly bindings: JobBindings;
  readonly classifier: Classifier;
  readonly collections: Collections;
  readonly inFlight: InFlight;
  readonly settings: Settings;
}

/** Named point at which a test can make an attempt fail. */
export type ConsumerSeam = 'begun' | 'taken' | 'fetched' | 'seen' | 'written' | 'reported';

/** End of the name of the dead-letter queue, which has the messages that failed too often. */
const DEAD = '-dead';

/** The first delay before a message is retried, in seconds; each is twice as long as the one before. */
const RETRY_SECONDS = 1;
const MAX_RETRY_SECONDS = 60;

/** @param reached called with the name of a point at which a test can make an attempt fail. */
export function createConsumer(
  { bindings, classifier, collections, inFlight, settings }: ConsumerParts,
  reached: (seam: ConsumerSeam) => void = () => undefined,
) {
  const { bucket, jobs } = bindings;
  const source: PictureSource = { bucket, inFlight, maxBytes: settings.MAX_IMAGE_BYTES };
  const unitLimits = unitLimitsOf(settings);
  const consumePicture = createNewPictures({ bindings, classifier, collections, source, settings }, reached);

  async function consumeChunk({ job: id, chunk }: ChunkMessage): Promise<void> {
    const job = jobs.getByName(id);
    const work = await job.take(chunk);
    if (work === undefined) return;
    reached('taken');
    const place = chunkKey(work.spec, chunk);
    const file = work.hasFile ? await readResults(bucket, place) : NO_FILE;
    const isDone = (key: string) => {
      const line = file.lines.get(key);
      return line !== undefined && !(line.isError && work.retriesErrors);
    };
    const missing = work.keys.filter((key) => !isDone(key));
    const requestId = `${id}/${chunk}`;
    const { spec } = work;
    const make = await makerOf(spec.owner, { ...spec, options: optionsOf(spec) }, collections);
    if (!make.ok && isOfTheMoment(make.failure)) throw new Error(`The collection: ${make.failure.code}`);
    const added = make.ok
      ? await linesFor(work, missing, make.value, requestId)
      : refusals(work, missing, make.failure, requestId);
    await conclude(work, chunk, added, file);
  }

  /** Processes pictures until there are no more or the time of this invocation is spent. */
  async function linesFor(
    work: ChunkWork,
    keys: readonly string[],
    make: Make,
    requestId: string,
  ): Promise<Map<string, Line>> {
    const lines = new Map<string, Line>();
    const items: Indexed[] = [];
    const places = new Map(work.keys.map((key, i) => [key, work.first + i]));
    const write = (key: string, outcome: Parameters<typeof lineOf>[2]) =>
      lines.set(key, lineOf(places.get(key) ?? 0, key, outcome, requestId));
    let units = 0;
    for await (const { key, bytes } of picturesOf(source, keys)) {
      reached('fetched');
      const more = bytes.ok ? unitsOf(bytes.value, unitLimits) : 0;
      // The next invocation begins with this picture. One that exceeds any budget is processed alone.
      if (units > 0 && units + more > CHUNK_UNITS) break;
      units += more;
      const seen = bytes.ok ? await classifier.see(bytes.value) : bytes;
      if (seen.ok && bytes.ok) {
        const made = await make(key, seen.value, bytes.value);
        if ('item' in made) items.push(made.item);
        else write(key, made);
      } else if (!seen.ok) {
        write(key, seen);
      }
      reached('seen');
    }
    for (const [key, kept] of await keepItems(collections, work.spec, items)) {
      write(key, kept.ok ? { result: kept.value } : kept);
    }
    return lines;
  }

  async function conclude(
    work: ChunkWork,
    chunk: number,
    added: ReadonlyMap<string, Line>,
    file: Parameters<typeof writeResults>[4],
  ): Promise<void> {
    const { spec, keys, round, retriesErrors } = work;
    const lines = await writeResults(bucket, chunkKey(spec, chunk), keys, added, file, retriesErrors);
    reached('written');
    const failed = lines.filter(({ isError }) => isError).length;
    await jobs.getByName(spec.id).report(chunk, { round, completed: lines.length - failed, failed });
    reached('reported');
  }

  /** A chunk that failed too often: its pictures without a line get an error line, and can be retried. */
  async function buryChunk({ job: id, chunk }: ChunkMessage): Promise<void> {
    const work = await jobs.getByName(id).take(chunk);
    if (work === undefined) return;
    const file = await readResults(bucket, chunkKey(work.spec, chunk));
    const missing = work.keys.filter((key) => !file.lines.has(key));
    const added = refusals(work, missing, { code: 'internal' }, `${id}/${chunk}`);
    await conclude({ ...work, retriesErrors: false }, chunk, added, file);
  }

  async function consume(body: unknown, isDead: boolean): Promise<void> {
    reached('begun');
    const chunk = chunkMessageSchema.safeParse(body);
    if (chunk.success) return isDead ? buryChunk(chunk.data) : consumeChunk(chunk.data);
    const event = bucketEventSchema.safeParse(body);
    // A message of neither kind will not become valid by being sent again.
    if (!event.success)
      console.warn(JSON.stringify({ warning: 'A message in the queue is of another kind.' }));
    else if (PUT_ACTIONS.has(event.data.action)) await consumePicture(event.data.object.key, isDead);
  }

  return async (batch: Delivery): Promise<void> => {
    const isDead = batch.queue.endsWith(DEAD);
    for (const message of batch.messages) {
      try {
        await consume(message.body, isDead);
        message.ack();
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        console.error(JSON.stringify({ message: message.id, attempts: message.attempts, error: reason }));
        const delaySeconds = Math.min(MAX_RETRY_SECONDS, RETRY_SECONDS * 2 ** (message.attempts - 1));
        message.retry({ delaySeconds });
      }
    }
  };
}

/** The same problem for several pictures of a chunk. */
function refusals(
  work: ChunkWork,
  keys: readonly string[],
  failure: Failure,
  requestId: string,
): ReadonlyMap<string, Line> {
  const places = new Map(work.keys.map((key, i) => [key, work.first + i]));
  return new Map(keys.map((key) => [key, lineOf(places.get(key) ?? 0, key, { failure }, requestId)]));
}
