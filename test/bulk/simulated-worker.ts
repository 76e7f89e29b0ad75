/**
 * Runs jobs without pictures: the bucket lists as many keys as requested, each file is a few bytes, and the network is
 * left out. Objects, rows, alarms, messages and result files are real. `/count` reports how many there were.
 */
import { DurableObject } from 'cloudflare:workers';
import type { Classifier } from '../../src/classifier.ts';
import { collectionsOf } from '../../src/collections/collections.ts';
import { ok } from '../../src/failure.ts';
import { createApp, inFlightOf } from '../../src/http/app.ts';
import { jobBindingsOf } from '../../src/jobs/bindings.ts';
import { createConsumer } from '../../src/jobs/consumer.ts';
import { JobDirectory } from '../../src/jobs/directory.ts';
import { Job } from '../../src/jobs/job.ts';
import { readSettings } from '../../src/settings.ts';

export { JobDirectory };

/** Bound in wrangler.toml, but not used here. */
export class Collection extends DurableObject<Env> {}

interface SimulatedEnv extends Env {
  /** Objects in the bucket. */
  readonly OBJECTS: string;
  /** Share of attempts that fail. */
  readonly FAULTS: string;
}

const DIGITS = 9;
const PREFIX = 'in/';
/** Size of a file in bytes according to the listing: a 640×480 JPEG. */
const FILE_BYTES = 58_000;
const FILE = new TextEncoder().encode('a picture');

const counts = {
  alarms: 0,
  calls: 0,
  rowsWritten: 0,
  rowsRead: 0,
  lists: 0,
  gets: 0,
  puts: 0,
  attempts: 0,
  failed: 0,
};

class CountedJob extends Job {
  constructor(context: DurableObjectState, env: SimulatedEnv) {
    countRows(context.storage.sql);
    super(context, { ...env, JOBS_BUCKET: simulated(env) });
  }

  override alarm(): Promise<void> {
    counts.alarms++;
    if (Math.random() < Number((this.env as SimulatedEnv).FAULTS)) this.#fault = 'listed';
    return super.alarm();
  }

  #fault: string | undefined;

  protected override reached(seam: string): void {
    if (seam !== this.#fault) return;
    this.#fault = undefined;
    throw new Error('made to fail');
  }

  override take(number: number) {
    counts.calls++;
    return super.take(number);
  }

  override report(...given: Parameters<Job['report']>) {
    counts.calls++;
    return super.report(...given);
  }

  /** Bytes of the database. */
  size(): number {
    return this.ctx.storage.sql.databaseSize;
  }
}

export { CountedJob as Job };

function countRows(sql: SqlStorage): void {
  const exec = sql.exec.bind(sql);
  sql.exec = ((...given: Parameters<typeof exec>) => {
    const cursor = exec(...given);
    // It has been read to its end by then.
    queueMicrotask(() => {
      counts.rowsWritten += cursor.rowsWritten;
      counts.rowsRead += cursor.rowsRead;
    });
    return cursor;
  }) as typeof sql.exec;
}

/** The bucket, with only the methods that jobs use. */
function simulated(env: SimulatedEnv): R2Bucket {
  const total = Number(env.OBJECTS);
  const keyOf = (i: number) => PREFIX + String(i).padStart(DIGITS, '0');
  const real = env.JOBS_BUCKET as R2Bucket;
  const list = async ({ limit = 1000, startAfter }: R2ListOptions = {}) => {
    counts.lists++;
    const first = startAfter === undefined ? 0 : Number(startAfter.slice(PREFIX.length)) + 1;
    const size = Math.min(limit, total - first);
    const objects = Array.from({ length: size }, (_, i) => ({ key: keyOf(first + i), size: FILE_BYTES }));
    return { objects, truncated: first + size < total };
  };
  const get = async (key: string) => {
    if (!key.startsWith(PREFIX)) return real.get(key);
    counts.gets++;
    return { key, size: FILE.length, arrayBuffer: async () => FILE.slice().buffer };
  };
  const put = async (...given: Parameters<R2Bucket['put']>) => {
    counts.puts++;
    return real.put(...given);
  };
  return { list, get, put, head: real.head.bind(real) } as unknown as R2Bucket;
}

/** One class stands out, so that a line is as long as a real answer's. */
const logits = Float32Array.from({ length: 1001 }, (_, i) => (i === 282 ? 9 : Math.sin(i)));
const SEEN = {
  logits,
  embedding: new Float32Array(1024),
  fingerprint: new Uint8Array(8),
  image: { format: 'jpeg', width: 640, height: 480, orientation: 1 },
} as const;

const classifier: Classifier = {
  see: async () => ok(SEEN),
  infer: async () => ({ logits, embedding: SEEN.embedding }),
  warm: async () => undefined,
};

export default {
  async fetch(request: Request, env: SimulatedEnv, context: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/count') {
      const job = env.JOBS.getByName(
        searchParams.get('job') ?? '',
      ) as unknown as DurableObjectStub<CountedJob>;
      return Response.json({ ...counts, databaseBytes: await job.size() });
    }
    const settings = readSettings(env);
    const app = createApp(settings, classifier, inFlightOf(settings));
    return app.fetch(request, { ...env, JOBS_BUCKET: simulated(env) }, context);
  },

  async queue(batch: MessageBatch, env: SimulatedEnv): Promise<void> {
    const settings = readSettings(env);
    const bindings = jobBindingsOf({ ...env, JOBS_BUCKET: simulated(env) });
    if (bindings === undefined) throw new Error('There is no bucket or no queue.');
    const doomed =
      Math.random() < Number(env.FAULTS) ? (Math.random() < 0.5 ? 'taken' : 'written') : undefined;
    counts.attempts++;
    await createConsumer(
      {
        ...{ bindings, classifier, settings },
        ...{ collections: collectionsOf(settings, env.COLLECTIONS), inFlight: inFlightOf(settings) },
      },
      (seam) => {
        if (seam !== doomed) return;
        counts.failed++;
        throw new Error('made to fail');
      },
    )(batch);
  },
};
