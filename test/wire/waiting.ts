/** Callers that send the first bytes of a body and then nothing: what a Worker holds for them while it waits. */
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { residentMiB, type Server } from '../../bench/workerd.ts';
import { head, sent } from './socket.ts';

const SENT_BYTES = 1024;
const DECLARED_BYTES = 2048;
/** Enough for everything to arrive at the Worker and for every refusal to return, on a slow machine too. */
const SETTLE_MILLISECONDS = 3000;
/** Opened at once: a listening socket's queue is not long. */
const CONNECTED_AT_ONCE = 50;

export interface Waiting {
  /** Callers that were answered while they waited, by status. */
  readonly answered: ReadonlyMap<string, number>;
  /** MiB by which the Worker's process has grown. */
  readonly grownMiB: number;
  /** Closes all connections. */
  end(): Promise<void>;
}

/** @param count connections, each with a request whose second half is not sent. */
export async function waiting({ url, pid }: Pick<Server, 'url' | 'pid'>, count: number): Promise<Waiting> {
  const before = residentMiB(pid);
  const answered = new Map<string, number>();
  const sockets: Socket[] = [];
  const request = head('/v1/classify', { 'content-length': DECLARED_BYTES });
  const first = new Uint8Array(SENT_BYTES).fill(0xff);
  while (sockets.length < count) {
    const more = Array.from({ length: Math.min(CONNECTED_AT_ONCE, count - sockets.length) }, () =>
      sent(url, request, first),
    );
    for (const socket of await Promise.all(more)) {
      sockets.push(socket);
      socket.once('data', (data) => {
        const status = /^HTTP\/1\.1 (\d+)/.exec(data.toString('latin1'))?.[1] ?? 'none';
        answered.set(status, (answered.get(status) ?? 0) + 1);
      });
    }
  }
  await pause(SETTLE_MILLISECONDS);
  return {
    answered,
    grownMiB: residentMiB(pid) - before,
    async end() {
      for (const socket of sockets) socket.end();
      await pause(SETTLE_MILLISECONDS);
    },
  };
}
