/** What all RPC calls have in common: how a result is returned, and the bytes of a picture. */
import type { RpcError, RpcImage, RpcResult } from '../../client/rpc.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { collect } from '../input/body.ts';
import type { Hold } from '../input/in-flight.ts';
import { describe } from '../problem.ts';
import type { Settings } from '../settings.ts';

/** The result as sent over RPC; an internal error is logged and becomes `internal`. */
export async function answered<T>(work: () => Promise<Result<T>>): Promise<RpcResult<T>> {
  try {
    const result = await work();
    return result.ok ? result : { ok: false, error: errorOf(result.failure) };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    console.error(JSON.stringify({ door: 'rpc', error: message, stack }));
    return { ok: false, error: errorOf({ code: 'internal' }) };
  }
}

export function errorOf(failure: Failure): RpcError {
  const { status, detail } = describe(failure);
  return { code: failure.code, detail, status };
}

export async function bytesOf(image: RpcImage, settings: Settings, hold: Hold): Promise<Result<Uint8Array>> {
  const maxBytes = settings.MAX_IMAGE_BYTES;
  if (image instanceof ArrayBuffer || image instanceof Uint8Array) {
    if (image.byteLength > maxBytes) return fail({ code: 'body_too_large', limitBytes: maxBytes });
    if (image.byteLength === 0) return fail({ code: 'body_missing' });
    if (!hold.take(image.byteLength)) return fail({ code: 'overloaded', limitBytes: hold.limitBytes });
    return ok(image instanceof ArrayBuffer ? new Uint8Array(image) : image);
  }
  const stream = image instanceof Request || image instanceof Response ? image.body : image;
  if (stream === null) return fail({ code: 'body_missing' });
  if (!(stream instanceof ReadableStream)) return fail({ code: 'image_not_bytes' });
  return collect(stream, { maxBytes, timeoutSeconds: settings.BODY_TIMEOUT_SECONDS, hold });
}
