/**
 * The store of the Cache API in a self-hosted process: the most recently used entries, in memory.
 *
 * workerd forwards a lookup as a GET, which is answered with the entry or with 504, as `cf-cache-status` says. An entry
 * to store arrives as a PUT whose body is an HTTP response in wire format. Only `src/cache/seen-cache.ts` writes here:
 * bodies of 8 kB, each with a `max-age`.
 *
 * @see https://github.com/cloudflare/workerd/blob/main/src/workerd/api/cache.c++
 */

/** Some 32 MB. */
export const MOST_ENTRIES = 4000;

/** An entry has a few kilobytes; anything larger is not stored. */
const MOST_BYTES = 65_536;

const END_OF_HEAD = '\r\n\r\n';

interface Entry {
  readonly body: Uint8Array<ArrayBuffer>;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export interface Kept {
  fetch(request: Request): Promise<Response>;
}

/** @param now milliseconds, replaced in tests. */
export function createKept(now: () => number = Date.now): Kept {
  const entries = new Map<string, Entry>();

  function lookUp(url: string): Response {
    const entry = entries.get(url);
    entries.delete(url);
    if (entry === undefined || entry.until <= now()) {
      return new Response(null, { status: 504, headers: { 'cf-cache-status': 'MISS' } });
    }
    // Moved to the end; entries are dropped from the beginning.
    entries.set(url, entry);
    return new Response(entry.body, { headers: { 'cf-cache-status': 'HIT' } });
  }

  function keep(url: string, response: Uint8Array<ArrayBuffer>): Response {
    const seconds = Number(/\bmax-age=(\d+)/i.exec(headOf(response))?.[1] ?? 0);
    const body = response.slice(headOf(response).length);
    if (seconds > 0 && body.length <= MOST_BYTES) {
      entries.set(url, { body, until: now() + seconds * 1000 });
      const [oldest] = entries.keys();
      if (entries.size > MOST_ENTRIES && oldest !== undefined) entries.delete(oldest);
    }
    return new Response(null, { status: 204 });
  }

  return {
    async fetch(request) {
      if (request.method === 'GET') return lookUp(request.url);
      if (request.method === 'PUT') return keep(request.url, new Uint8Array(await request.arrayBuffer()));
      return new Response(null, { status: 405 });
    },
  };
}

/** One character per byte. */
function headOf(response: Uint8Array): string {
  const text = new TextDecoder('latin1').decode(response);
  const end = text.indexOf(END_OF_HEAD);
  return end < 0 ? '' : text.slice(0, end + END_OF_HEAD.length);
}
