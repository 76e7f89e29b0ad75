/** Answers in lines: JSON values, each sent as soon as it is there. */
import type { Context } from 'hono';
import type { Failure } from '../failure.ts';
import type { AppEnv } from './env.ts';
import { problemResponse } from './problem.ts';

export const NDJSON = 'application/x-ndjson';

/** Whether the caller has asked for a type by its name. */
export function accepts(c: Context<AppEnv>, type: string): boolean {
  return c.req.header('accept')?.includes(type) ?? false;
}

/**
 * A line is made when the caller has taken the one before it, and never after the caller has gone. The first is waited
 * for.
 *
 * @param none what has failed where there is no line at all.
 */
export async function ndjsonResponse(
  c: Context<AppEnv>,
  lines: AsyncGenerator<object, void, void>,
  none: Failure,
): Promise<Response> {
  const encoder = new TextEncoder();
  let first: IteratorResult<object, void> | undefined = await lines.next();
  if (first.done) return problemResponse(c, none);
  const {
    limits: { hold },
    abandon,
  } = c.get('work');
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
        const next = first ?? (await lines.next());
        first = undefined;
        if (!next.done) {
          controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
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
      await lines.return();
    },
  });
  return c.body(body, 200, { 'content-type': NDJSON });
}
