/** NDJSON answers: each value is sent as soon as it is ready. */
import type { Context } from 'hono';
import type { Failure } from '../failure.ts';
import type { AppEnv } from './env.ts';
import { problemResponse } from './problem.ts';

export const NDJSON = 'application/x-ndjson';

/** Whether the caller has requested a type by name. */
export function accepts(c: Context<AppEnv>, type: string): boolean {
  return c.req.header('accept')?.includes(type) ?? false;
}

/**
 * A line is produced when the caller has taken the previous one, and never after the caller has disconnected. The
 * answer starts when the first line is ready.
 *
 * @param none the failure if there is no line at all.
 */
export async function ndjsonResponse(
  c: Context<AppEnv>,
  lines: AsyncGenerator<object, void, void>,
  none: Failure,
): Promise<Response> {
  const first = await lines.next();
  return first.done ? problemResponse(c, none) : streamedLines(c, textOf(first.value, lines));
}

async function* textOf(
  first: object,
  lines: AsyncGenerator<object, void, void>,
): AsyncGenerator<string, void, void> {
  try {
    yield `${JSON.stringify(first)}\n`;
    for await (const line of lines) yield `${JSON.stringify(line)}\n`;
  } finally {
    await lines.return();
  }
}

/** @param text whole lines, one or more at a time. If it throws, the answer breaks off. */
export function streamedLines(c: Context<AppEnv>, text: AsyncGenerator<string, void, void>): Response {
  const encoder = new TextEncoder();
  const {
    limits: { hold },
    abandon,
  } = c.get('work');
  const ended = Promise.withResolvers<void>();
  const record = c.get('record');
  record.until = ended.promise;
  // The guard releases its own hold when this handler returns.
  hold.retain();

  function end(): void {
    record.bytes = hold.arrived();
    hold.release();
    ended.resolve();
  }

  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await text.next();
        if (!next.done) {
          controller.enqueue(encoder.encode(next.value));
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
      await text.return();
    },
  });
  return c.body(body, 200, { 'content-type': NDJSON });
}
