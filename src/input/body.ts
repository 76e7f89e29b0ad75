/** A request's body as bytes, never more than the limit and never later than the time-out. */
import { fail, ok, type Result } from '../failure.ts';

export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutSeconds: number;
}

/**
 * Reads a whole body.
 *
 * A declared length over the limit is refused before a byte is read. The buffer grows in place as the
 * bytes arrive, so a caller who declares much and sends little takes up little, and nothing is copied to
 * join the chunks.
 *
 * @returns the bytes, or `body_missing`, `body_too_large`, `body_too_slow` or `body_interrupted`.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Result<Uint8Array>> {
  const { maxBytes, timeoutSeconds } = limits;
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) return fail({ code: 'body_too_large', limitBytes: maxBytes });
  if (request.body === null) return fail({ code: 'body_missing' });

  const reader = request.body.getReader();
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), timeoutSeconds * 1000);
  try {
    const buffer = new ArrayBuffer(0, { maxByteLength: maxBytes });
    for (;;) {
      const next = await Promise.race([reader.read(), late.promise]);
      if (next === 'late') return fail({ code: 'body_too_slow', limitSeconds: timeoutSeconds });
      if (next.done) break;
      const at = buffer.byteLength;
      if (at + next.value.byteLength > maxBytes)
        return fail({ code: 'body_too_large', limitBytes: maxBytes });
      buffer.resize(at + next.value.byteLength);
      new Uint8Array(buffer, at).set(next.value);
    }
    return buffer.byteLength === 0 ? fail({ code: 'body_missing' }) : ok(new Uint8Array(buffer));
  } catch {
    // The stream fails only when the connection does: there is nobody left to answer but the log.
    return fail({ code: 'body_interrupted' });
  } finally {
    clearTimeout(timer);
    reader.cancel().catch(() => undefined);
  }
}
