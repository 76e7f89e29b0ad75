/**
 * The queue of jobs in a process that stands alone: messages in a database, delivered one after the other by the alarm of
 * this object, so that they are there after a restart. One that is tried again waits longer each time, and at last goes to
 * the consumer of dead letters.
 */
import { DurableObject } from 'cloudflare:workers';
import type { MessageQueue } from '../jobs/bucket.ts';

/** What became of a delivery: undefined is that it is done. */
export interface TryAgain {
  readonly delaySeconds: number;
}

/** Whom messages are delivered to: an entry point of the same Worker. */
export interface ConsumerBinding {
  deliver(message: Letter): Promise<TryAgain | undefined>;
}

export interface Letter {
  readonly id: string;
  /** As JSON. */
  readonly body: string;
  /** How often it was delivered, this time included. */
  readonly attempts: number;
  readonly isDead: boolean;
}

export interface QueueEnv {
  readonly CONSUMER: ConsumerBinding;
}

/** As `max_retries` in wrangler.toml and one more. */
const ATTEMPTS = 6;

type Row = { id: number; body: string; attempts: number; is_dead: number };

export class JobQueue extends DurableObject<QueueEnv> {
  readonly #sql = this.ctx.storage.sql;

  constructor(context: DurableObjectState, env: QueueEnv) {
    super(context, env);
    // A message that waits already is not added: the job sends again what it has not heard of.
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS message (
        id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL UNIQUE, attempts INTEGER NOT NULL DEFAULT 0,
        is_dead INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS message_due ON message (due, id)`);
  }

  /** @param bodies as JSON. */
  async send(bodies: readonly string[]): Promise<void> {
    for (const body of bodies) {
      this.#sql.exec('INSERT OR IGNORE INTO message (body, due) VALUES (?, ?)', body, Date.now());
    }
    await this.#schedule();
  }

  override async alarm(): Promise<void> {
    const row = this.#sql
      .exec<Row>(
        'SELECT id, body, attempts, is_dead FROM message WHERE due <= ? ORDER BY due, id LIMIT 1',
        Date.now(),
      )
      .toArray()[0];
    if (row !== undefined) await this.#deliver(row);
    await this.#schedule();
  }

  async #deliver({ id, body, attempts: before, is_dead }: Row): Promise<void> {
    // Written down before, so that one that ends the process is not delivered without end.
    const attempts = before + 1;
    this.#sql.exec('UPDATE message SET attempts = ? WHERE id = ?', attempts, id);
    await this.ctx.storage.sync();
    const letter = { id: String(id), body, attempts, isDead: is_dead === 1 };
    const again = await this.env.CONSUMER.deliver(letter).catch((error: unknown) => {
      console.error(JSON.stringify({ message: letter.id, attempts, error: String(error) }));
      return { delaySeconds: attempts };
    });
    if (again === undefined || (attempts >= ATTEMPTS && letter.isDead)) {
      this.#sql.exec('DELETE FROM message WHERE id = ?', id);
    } else if (attempts >= ATTEMPTS) {
      this.#sql.exec('UPDATE message SET is_dead = 1, attempts = 0, due = ? WHERE id = ?', Date.now(), id);
    } else {
      this.#sql.exec('UPDATE message SET due = ? WHERE id = ?', Date.now() + again.delaySeconds * 1000, id);
    }
  }

  async #schedule(): Promise<void> {
    const { due } = this.#sql.exec<{ due: number | null }>('SELECT min(due) AS due FROM message').one();
    if (due !== null) await this.ctx.storage.setAlarm(Math.max(due, Date.now()));
  }
}

/** @param objects of which one has all messages. */
export function createQueue<Body>(objects: DurableObjectNamespace<JobQueue>): MessageQueue<Body> {
  return {
    sendBatch: (messages) => objects.getByName('all').send(messages.map(({ body }) => JSON.stringify(body))),
  };
}
