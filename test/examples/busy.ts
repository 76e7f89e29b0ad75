/** A service with no room for another picture, as long as wanted. */
import { once } from 'node:events';
import { request } from 'node:http';

const HELD_BYTES = 59_000;

/** Bodies that stop short of their end, so that the service holds what it has of them. @returns their release. */
export async function occupy(url: string, uploads: number): Promise<() => void> {
  const requests = Array.from({ length: uploads }, () => {
    const upload = request(`${url}/v1/classify`, {
      method: 'POST',
      headers: { 'content-length': HELD_BYTES + 1 },
    });
    // That it is cut off at the end is what is wanted.
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

/** Asks until the answer is of that status. @throws after a while of others. */
export async function untilStatus(url: string, body: Uint8Array<ArrayBuffer>, status: number): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const response = await fetch(`${url}/v1/classify`, { method: 'POST', body });
    await response.arrayBuffer();
    if (response.status === status) return;
    await once(AbortSignal.timeout(50), 'abort');
  }
  throw new Error(`${url} never answered ${status}.`);
}
