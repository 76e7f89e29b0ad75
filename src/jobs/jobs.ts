/**
 * What a caller may do with jobs: start one, list, read, cancel, retry, read its results. It is independent of HTTP.
 */
import type { Collections } from '../collections/collections.ts';
import { COLLECTION_NAME } from '../collections/names.ts';
import { mayTeach } from '../collections/rights.ts';
import { fail, ok, type Result } from '../failure.ts';
import type { Settings } from '../settings.ts';
import { ANONYMOUS } from '../settings-lists.ts';
import { type JobBindings, theDirectory } from './bindings.ts';
import type { Bucket } from './bucket.ts';
import { MAX_OUTPUT_PREFIXES } from './directory.ts';
import { outputsOf } from './event-rules.ts';
import { collectionOf } from './indexing.ts';
import { chunkKey } from './result-keys.ts';
import { jobPrefixes } from './rights.ts';
import { type JobList, type JobRequest, type JobSpec, type JobState, optionsOf, shown } from './schemas.ts';
import { isEnded } from './state.ts';
import { makerOf } from './task.ts';
import { readTaskOptions } from './task-options.ts';

export interface Results {
  /** NDJSON. */
  readonly body: ReadableStream<Uint8Array>;
  /** Cursor of the next page; unset if there is none. */
  readonly cursor?: string;
}

export interface Jobs {
  start(caller: string, request: JobRequest): Promise<Result<JobState>>;
  list(caller: string, cursor: string | undefined): Promise<Result<JobList>>;
  get(caller: string, id: string): Promise<Result<JobState>>;
  cancel(caller: string, id: string): Promise<Result<JobState>>;
  retry(caller: string, id: string): Promise<Result<JobState>>;
  results(caller: string, id: string, cursor: string | undefined): Promise<Result<Results>>;
}

/** Limits a page, because each job is asked for its state. */
const PAGE_JOBS = 20;
/** Result files in an answer: each is a request to the bucket, and a plan may allow 50. */
const PAGE_FILES = 40;

const ID = /^job_[0-9a-f]{32}$/;
const CURSOR = /^\d{1,15}$/;

export function createJobs(bindings: JobBindings, settings: Settings, collections: Collections): Jobs {
  const { bucket, jobs } = bindings;
  const directory = theDirectory(bindings);

  /** The job, if the caller may see it: a missing job and another caller's get the same answer. */
  async function own(caller: string, id: string): Promise<Result<JobState>> {
    const right = mayRunJobs(settings, caller);
    if (!right.ok) return right;
    const found = ID.test(id) ? await jobs.getByName(id).owned() : undefined;
    return found?.owner === caller ? ok(shown(found.state)) : fail({ code: 'job_unknown' });
  }

  /** Whether the collection that a job labels by can be used, or the one that it fills be changed. */
  async function targetOf(spec: JobSpec): Promise<Result<unknown>> {
    const { owner, task, collection } = spec;
    if (task === 'classify') return makerOf(owner, { ...spec, options: optionsOf(spec) }, collections);
    if (task === 'embed') {
      if (collection === undefined) return ok(undefined);
      const reason = 'goes with the tasks classify and index: vectors are those of every collection';
      return fail({ code: 'field_invalid', field: 'collection', reason });
    }
    const right = mayTeach(settings, owner);
    if (!right.ok) return right;
    if (collection === undefined) {
      const reason = 'must be the name of a collection of yours: the task index fills it';
      return fail({ code: 'field_invalid', field: 'collection', reason });
    }
    if (!COLLECTION_NAME.test(collection)) return fail({ code: 'collection_unknown' });
    return collections.ready(collectionOf(spec), owner);
  }

  /**
   * Makes a job count as open. If there are too many, jobs that have ended are removed from the count, and it is tried
   * again: this is the only way that the directory learns of an end, so no end can be missed.
   */
  async function withRoom<T>(owner: string, act: (maxOpen: number) => Promise<T>, refusal: T): Promise<T> {
    const first = await act(settings.MAX_OPEN_JOBS);
    if (first !== refusal) return first;
    const ids = await directory.counted(owner);
    const states = await Promise.all(ids.map((id) => jobs.getByName(id).state()));
    const ended = ids.filter((_, i) => states[i] !== undefined && isEnded(states[i].status));
    const unknown = ids.filter((_, i) => states[i] === undefined);
    await directory.close(ended, unknown);
    return act(settings.MAX_OPEN_JOBS);
  }

  function tooMany() {
    return fail({ code: 'too_many_jobs', limitJobs: settings.MAX_OPEN_JOBS });
  }

  return {
    async start(caller, request) {
      const spec = specOf(settings, caller, request);
      if (!spec.ok) return spec;
      const { id, output, source } = spec.value;
      const target = await targetOf(spec.value);
      if (!target.ok) return target;
      const some = await bucket.list({ prefix: source.prefix, limit: 1 });
      if (some.objects.length === 0) {
        const reason = 'must be the beginning of a key in the bucket, and there is none that begins so';
        return fail({ code: 'field_invalid', field: 'source.prefix', reason });
      }
      const entry = { id, owner: caller, output: output.prefix };
      const refused = await withRoom(caller, (maxOpen) => directory.enter(entry, maxOpen), 'too_many_open');
      if (refused === 'too_many_prefixes') {
        const reason = `must be one that an earlier job has used, because there are ${MAX_OUTPUT_PREFIXES} already`;
        return fail({ code: 'field_invalid', field: 'output.prefix', reason });
      }
      if (refused === 'too_many_open') return tooMany();
      try {
        return ok(shown(await jobs.getByName(id).start(spec.value)));
      } catch (error) {
        await directory.remove(id);
        throw error;
      }
    },

    async list(caller, cursor) {
      const right = mayRunJobs(settings, caller);
      if (!right.ok) return right;
      if (cursor !== undefined && !CURSOR.test(cursor)) return wrongCursor();
      const before = cursor === undefined ? undefined : Number(cursor);
      const page = await directory.list(caller, PAGE_JOBS, before);
      const states = await Promise.all(page.ids.map((id) => jobs.getByName(id).state()));
      return ok({
        jobs: states.flatMap((state) => (state === undefined ? [] : [shown(state)])),
        cursor: page.next === undefined ? null : String(page.next),
      });
    },

    get: own,

    async cancel(caller, id) {
      const mine = await own(caller, id);
      return mine.ok ? ok(shown(await jobs.getByName(id).cancel())) : mine;
    },

    async retry(caller, id) {
      const mine = await own(caller, id);
      if (!mine.ok) return mine;
      const isOpen = await withRoom(caller, (maxOpen) => directory.open(id, caller, maxOpen), false);
      return isOpen ? ok(shown(await jobs.getByName(id).retry())) : tooMany();
    },

    async results(caller, id, cursor = '0') {
      const mine = await own(caller, id);
      if (!mine.ok) return mine;
      if (!CURSOR.test(cursor)) return wrongCursor();
      const page = await jobs.getByName(id).results(Number(cursor), PAGE_FILES);
      if (page === undefined) return fail({ code: 'job_unknown' });
      const keys = page.chunks.map((chunk) => chunkKey(page.spec, chunk));
      const next = page.next === undefined ? {} : { cursor: String(page.next) };
      return ok({ body: filesAsOne(bucket, keys), ...next });
    },
  };
}

function mayRunJobs(settings: Settings, caller: string): Result<readonly string[]> {
  const prefixes = jobPrefixes(settings, caller);
  return prefixes.length > 0
    ? ok(prefixes)
    : fail({ code: 'right_missing', keyNamed: caller !== ANONYMOUS, right: 'jobs' });
}

function specOf(settings: Settings, caller: string, request: JobRequest): Result<JobSpec> {
  const right = mayRunJobs(settings, caller);
  if (!right.ok) return right;
  const { source, task, options, collection, output = { prefix: settings.JOBS_OUTPUT_PREFIX } } = request;
  const isAllowed = (prefix: string) => right.value.some((allowed) => prefix.startsWith(allowed));
  if (!isAllowed(source.prefix)) return fail({ code: 'right_missing', keyNamed: true, right: 'jobs' });
  // A caller that may read only some keys must not declare others to be results, which are never read.
  if (!isAllowed(output.prefix) && !output.prefix.startsWith(settings.JOBS_OUTPUT_PREFIX)) {
    return fail({ code: 'right_missing', keyNamed: true, right: 'jobs' });
  }
  if (source.prefix.startsWith(output.prefix)) {
    const reason = 'must not be the beginning of source.prefix: no key below it is ever a picture';
    return fail({ code: 'field_invalid', field: 'output.prefix', reason });
  }
  const above = outputsOf(settings).find((prefix) => source.prefix.startsWith(prefix));
  if (above !== undefined) {
    const reason = `must not begin with ${above}, where results are`;
    return fail({ code: 'field_invalid', field: 'source.prefix', reason });
  }
  const read = readTaskOptions({ task, options, ...(collection === undefined ? {} : { collection }) });
  if (!read.ok) return read;
  const id = `job_${crypto.randomUUID().replaceAll('-', '')}`;
  return ok({
    ...{ id, owner: caller, task, source, output, options: JSON.stringify(options) },
    ...(collection === undefined ? {} : { collection }),
  });
}

function wrongCursor() {
  const reason = 'what the answer before has given as the cursor of the next page';
  return fail({ code: 'option_invalid', option: 'cursor', reason });
}

/** A missing file is skipped: for a cancelled job, some are never written. */
function filesAsOne(bucket: Bucket, keys: readonly string[]): ReadableStream<Uint8Array> {
  async function* pieces(): AsyncGenerator<Uint8Array, void, void> {
    for (const key of keys) {
      const file = await bucket.get(key);
      if (file !== null) yield* file.body;
    }
  }
  const left = pieces();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await left.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await left.return();
    },
  });
}
