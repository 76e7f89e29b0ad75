/**
 * The queue of jobs in a self-hosted process: messages in a database, delivered one after the other by this object's
 * alarm, so that they survive a restart. A message that is retried waits longer each time, and finally goes to the
 * consumer of dead letters.
 */
import { DurableObject } from 'cloudflare:workers';
import type { MessageQueue } from '../jobs/bucket.ts';

/** The outcome of a delivery; undefined means that it is done. */
export interface TryAgain {
  readonly delaySeconds: number;
}

/** The recipient of messages: an entry point of the same Worker. */
export interface ConsumerBinding {
  deliver(message: Letter): Promise<TryAgain | undefined>;
}

export interface Letter {
  readonly id: string;
  /** As JSON. */
  readonly body: string;
  /** How often it was delivered, including this time. */
  readonly attempts: number;
  readonly isDead: boolean;
}

export interface QueueEnv {
  readonly CONSUMER: ConsumerBinding;
}

/** `max_retries` in wrangler.toml, plus one. */
const ATTEMPTS = 6;

type Row = { id: number; body: string; attempts: number; is_dead: number };

export class JobQueue extends DurableObject<QueueEnv> {
  readonly #sql = this.ctx.storage.sql;

  constructor(context: DurableObjectState, env: QueueEnv) {
    super(context, env);
    // A message that is already waiting is not added: the job sends again what was not reported.
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
    // Stored before the delivery, so that a message that ends the process is not delivered for ever.
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

/** @param objects namespace, of which one object has all messages. */
export function createQueue<Body>(objects: DurableObjectNamespace<JobQueue>): MessageQueue<Body> {
  return {
    sendBatch: (messages) => objects.getByName('all').send(messages.map(({ body }) => JSON.stringify(body))),
  };
}
