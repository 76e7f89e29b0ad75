/**
 * One job: it lists the bucket, sends its pictures in chunks through the queue, and counts what is reported.
 *
 * Nothing is lost, because every chunk is stored before its number is sent, and one without a report is sent again,
 * whether its message was lost, its consumer was ended or the queue dropped it. Nothing counts twice: `job-store.ts`
 * says why.
 */
import { DurableObject } from 'cloudflare:workers';
import { readSettings } from '../settings.ts';
import { type JobBindings, jobBindingsOf, theDirectory, type WorkerEnv } from './bindings.ts';
import { CHUNK_UNITS } from './budget.ts';
import { cut } from './cut.ts';
import { outputsOf } from './event-rules.ts';
import { isInput, RESULT_METADATA } from './inputs.ts';
import { type ChunkRow, createJobStore, type JobRow } from './job-store.ts';
import { windowChunks } from './pace.ts';
import { summaryKey } from './result-keys.ts';
import { type JobFacts, type JobSpec, shown } from './schemas.ts';
import { isEnded, stateOf } from './state.ts';

/** What the consumer must do. */
export interface ChunkWork {
  readonly spec: JobSpec;
  /** Index of its first picture in the job. */
  readonly first: number;
  readonly keys: readonly string[];
  readonly round: number;
  /** Whether a result file may already exist. */
  readonly hasFile: boolean;
  /** Whether errors in that file are from an earlier round and are to be tried again. */
  readonly retriesErrors: boolean;
}

/** The progress of a chunk according to its result file. */
export interface ChunkCounts {
  readonly round: number;
  readonly completed: number;
  readonly failed: number;
}

export interface ResultPage {
  readonly spec: JobSpec;
  /** Chunks whose files can be read, in order. */
  readonly chunks: readonly number[];
  /** Cursor of the next page; unset if there will be no more. */
  readonly next?: number;
}

/** Named points at which a test can make something fail. */
export type JobSeam = 'listing' | 'listed' | 'written' | 'sent' | 'finishing';

/** The most that R2 lists at once. */
const PAGE_KEYS = 1000;
/** The most that `sendBatch` takes. */
const BATCH_MESSAGES = 100;
/** More is sent when this share of the window is done: an alarm for each chunk would cost a request and a row each. */
const REFILL_PART = 1 / 2;
/** Consecutive alarms that may fail; the interval doubles each time, some two hours in all. */
const MAX_TROUBLES = 12;
const TROUBLE_MILLISECONDS = 2000;

export class Job extends DurableObject<WorkerEnv> {
  readonly #store = createJobStore(this.ctx.storage.sql);

  /** Called with the name of a point at which a test can make it fail. */
  protected reached(_seam: JobSeam): void {}

  async start(spec: JobSpec): Promise<JobFacts> {
    this.#store.create(spec, Date.now());
    await this.#schedule();
    return this.#state();
  }

  /** @returns undefined if no job was started here. */
  state(): JobFacts | undefined {
    return this.#store.job() === undefined ? undefined : this.#state();
  }

  /** The owner of the job, and its state. */
  owned(): { readonly owner: string; readonly state: JobFacts } | undefined {
    const row = this.#store.job();
    return row && { owner: specOf(row).owner, state: stateOf(row, specOf(row), Date.now()) };
  }

  /** Chunks in progress are still counted when they are done. */
  async cancel(): Promise<JobFacts> {
    const row = this.#store.job();
    if (row !== undefined && !isEnded(row.status)) {
      this.#store.setStatus('cancelled', Date.now());
      await this.ctx.storage.deleteAlarm();
    }
    return this.#state();
  }

  /** Retries failed pictures; continues if the job was cancelled or could not continue. */
  async retry(): Promise<JobFacts> {
    const row = this.#store.job();
    const isWhole = row?.status === 'completed' && row.failed === 0;
    if (row !== undefined && !isWhole && row.status !== 'validating') {
      this.ctx.storage.transactionSync(() => this.#store.reopen(Date.now()));
      await this.#schedule();
    }
    return this.#state();
  }

  /** A consumer starts a chunk. @returns undefined if there is nothing to do. */
  take(number: number): ChunkWork | undefined {
    const row = this.#store.job();
    const chunk = this.#store.chunk(number);
    if (row === undefined || isEnded(row.status) || chunk === undefined || chunk.is_open === 0)
      return undefined;
    this.#store.markTaken(number, Date.now());
    return workOf(row, chunk);
  }

  /** The outcome of a chunk. If it is reported twice, it counts once. */
  async report(number: number, { round, completed, failed }: ChunkCounts): Promise<void> {
    const chunk = this.#store.chunk(number);
    if (chunk === undefined || chunk.round !== round) return;
    // Within a round a result file only grows, and errors only become results, so a report with less is older.
    const isNews = chunk.is_fresh === 1 || completed + failed > chunk.completed + chunk.failed;
    const isBetter = completed + failed === chunk.completed + chunk.failed && completed > chunk.completed;
    if (!isNews && !isBetter) return;
    this.ctx.storage.transactionSync(() => this.#store.count(chunk, completed, failed));
    await this.#schedule(REFILL_PART);
  }

  /** @param first number of a chunk, `next` of an earlier page. */
  results(first: number, most: number): ResultPage | undefined {
    const row = this.#store.job();
    if (row === undefined) return undefined;
    const hasEnded = isEnded(row.status);
    const chunks: number[] = [];
    for (const { number, is_open } of this.#store.states(first, most)) {
      // The next page continues where this one ends, so it skips nothing that is still to come.
      if (is_open === 1 && !hasEnded) break;
      chunks.push(number);
    }
    const next = (chunks.at(-1) ?? first - 1) + 1;
    const isLast = hasEnded && next >= row.chunks;
    return { spec: specOf(row), chunks, ...(isLast ? {} : { next }) };
  }

  override async alarm(): Promise<void> {
    const row = this.#store.job();
    if (row === undefined || isEnded(row.status)) return;
    const bindings = jobBindingsOf(this.env);
    try {
      if (bindings === undefined) throw new Error('the bucket or the queue is no longer bound');
      if (row.is_listing === 1) await this.#list(row, bindings);
      await this.#send(bindings);
      await this.#finish(bindings);
      if (row.troubles > 0) this.#store.setTroubles(0);
    } catch (error) {
      await this.#postpone(row, error);
      return;
    }
    await this.#schedule();
  }

  async #list(row: JobRow, bindings: JobBindings): Promise<void> {
    this.reached('listing');
    const spec = specOf(row);
    const [outputs, page] = await Promise.all([
      theDirectory(bindings).outputs(),
      bindings.bucket.list({
        prefix: spec.source.prefix,
        limit: PAGE_KEYS,
        // A key instead of a page's cursor, because it never expires.
        ...(row.after === null ? {} : { startAfter: row.after }),
      }),
    ]);
    this.reached('listed');
    const never = [...outputsOf(readSettings(this.env)), spec.output.prefix, ...outputs];
    const inputs = page.objects.filter(({ key }) => isInput(key, never));
    const chunks = cut(inputs, CHUNK_UNITS).map((chunk) => chunk.map(({ key }) => key));
    this.ctx.storage.transactionSync(() => {
      this.#store.addPage(chunks, page.objects.at(-1)?.key, !page.truncated);
      // It may have been cancelled meanwhile.
      if (this.#store.job()?.status === 'validating') this.#store.setStatus('in_progress', Date.now());
    });
    this.reached('written');
  }

  async #send({ queue }: JobBindings): Promise<void> {
    const job = this.#store.job();
    if (job === undefined || isEnded(job.status)) return;
    const now = Date.now();
    const late = this.#lateMilliseconds();
    const since = now - late;
    const most = windowChunks(job, late, now);
    const room = most - this.#store.underWay(since, most);
    const due = this.#store.due(since, Math.min(room, BATCH_MESSAGES));
    if (due.length === 0) return;
    const { id } = specOf(job);
    await queue.sendBatch(due.map((chunk) => ({ body: { job: id, chunk } })));
    this.reached('sent');
    this.#store.markSent(due, Date.now());
  }

  async #finish({ bucket }: JobBindings): Promise<void> {
    const row = this.#store.job();
    if (row === undefined || isEnded(row.status) || row.is_listing === 1 || row.open_chunks > 0) return;
    if (row.status !== 'finalizing') this.#store.setStatus('finalizing', Date.now());
    this.reached('finishing');
    const now = Date.now();
    const spec = specOf(row);
    const summary = stateOf({ ...row, status: 'completed', ended: now }, spec, now);
    await bucket.put(summaryKey(spec), `${JSON.stringify(shown(summary))}\n`, {
      customMetadata: RESULT_METADATA,
    });
    // It may have been retried meanwhile.
    if (this.#store.job()?.status === 'finalizing') this.#store.setStatus('completed', now);
  }

  /** The alarm is set again at longer and longer intervals, until the job has failed. */
  async #postpone(row: JobRow, error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(JSON.stringify({ job: specOf(row).id, error: reason }));
    const troubles = row.troubles + 1;
    this.#store.setTroubles(troubles);
    if (troubles > MAX_TROUBLES) {
      this.#store.setStatus(
        'failed',
        Date.now(),
        `The bucket or the queue failed ${troubles} times: ${reason}`,
      );
      return;
    }
    await this.ctx.storage.setAlarm(Date.now() + TROUBLE_MILLISECONDS * 2 ** (troubles - 1));
  }

  /**
   * Sets the alarm to the next time that there is something to do. It depends on stored state only, so the last call is
   * always right.
   *
   * @param part the share of the window that must be in progress.
   */
  async #schedule(part = 1): Promise<void> {
    const row = this.#store.job();
    if (row === undefined || isEnded(row.status)) return;
    const now = Date.now();
    const late = this.#lateMilliseconds();
    const enough = Math.ceil(part * windowChunks(row, late, now));
    const isDone = row.is_listing === 0 && row.open_chunks === 0;
    const hasRoom = this.#store.underWay(now - late, enough) < enough;
    const isDue = hasRoom && this.#store.due(now - late, 1).length > 0;
    const nextLate = this.#store.nextLate(now - late) ?? now;
    await this.ctx.storage.setAlarm(row.is_listing === 1 || isDone || isDue ? now : nextLate + late + 1);
  }

  #lateMilliseconds(): number {
    return readSettings(this.env).JOBS_LATE_SECONDS * 1000;
  }

  #state(): JobFacts {
    const row = this.#store.job();
    if (row === undefined) throw new Error('No job was started here.');
    return stateOf(row, specOf(row), Date.now());
  }
}

function workOf(row: JobRow, chunk: ChunkRow): ChunkWork {
  return {
    spec: specOf(row),
    first: chunk.first,
    // As `addPage` wrote them.
    keys: JSON.parse(chunk.keys) as string[],
    round: chunk.round,
    hasFile: chunk.attempts > 0 || chunk.round > 0,
    retriesErrors: chunk.is_fresh === 1 && chunk.round > 0,
  };
}

function specOf({ spec }: JobRow): JobSpec {
  // As `create` wrote it.
  return JSON.parse(spec) as JobSpec;
}
