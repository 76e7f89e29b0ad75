/** A service without room for another picture, for as long as needed. */
import { once } from 'node:events';
import { request } from 'node:http';

const HELD_BYTES = 59_000;

/**
 * Bodies that stop before their end, so that the service holds what has arrived. @returns a function to release them.
 */
export async function occupy(url: string, uploads: number): Promise<() => void> {
  const requests = Array.from({ length: uploads }, () => {
    const upload = request(`${url}/v1/classify`, {
      method: 'POST',
      headers: { 'content-length': HELD_BYTES + 1 },
    });
    // It is meant to be cut off at the end.
    upload.on('error', () => {});
    return upload;
  });
  await Promise.all(
    requests.map((upload) => new Promise((sent) => upload.write(Buffer.alloc(HELD_BYTES), sent))),
  );
  return () => {
    for (const upload of requests) upload.destroy();
  };
}

/** Repeats the request until the answer has that status. @throws after some time with others. */
export async function untilStatus(url: string, body: Uint8Array<ArrayBuffer>, status: number): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const response = await fetch(`${url}/v1/classify`, { method: 'POST', body });
    await response.arrayBuffer();
    if (response.status === status) return;
    await once(AbortSignal.timeout(50), 'abort');
  }
  throw new Error(`${url} never answered ${status}.`);
}
