/**
 * A folder of this machine as the bucket of jobs, through workerd's disk service: GET and HEAD read a file, GET lists a
 * folder as JSON, PUT writes a whole file and moves it into place atomically.
 *
 * A PUT has no conditions, so this compares before it writes. That is enough, because chunks are processed one at a
 * time here (`job-queue.ts`), and nothing else writes their files.
 *
 * @see https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp, DiskDirectory
 */
import type { Bucket, StoredFile, StoredObject, WriteOptions } from '../jobs/bucket.ts';
import { filesOf, type ListFolder } from './folder-walk.ts';

/** workerd answers for every file with this type. */
const FILE = 'application/octet-stream';

const PAGE_KEYS = 1000;
/** Files whose sizes are requested at once. */
const TOGETHER = 50;

export function createFolderBucket(disk: Pick<Fetcher, 'fetch'>): Bucket {
  const listFolder: ListFolder = async (folder) => {
    const response = await disk.fetch(urlOf(folder));
    if (response.ok && response.headers.get('content-type') !== FILE) return response.json();
    await response.body?.cancel();
    return undefined;
  };

  async function head(key: string): Promise<StoredObject | null> {
    const response = await disk.fetch(urlOf(key), { method: 'HEAD' });
    return isFile(response) ? objectOf(key, response) : null;
  }

  return {
    head,

    async get(key): Promise<StoredFile | null> {
      const response = await disk.fetch(urlOf(key));
      const { body } = response;
      if (isFile(response) && body !== null) {
        const [arrayBuffer, text] = [() => response.arrayBuffer(), () => response.text()];
        return { ...objectOf(key, response), body, arrayBuffer, text };
      }
      await body?.cancel();
      return null;
    },

    async list({ prefix = '', limit = PAGE_KEYS, startAfter = '' }) {
      const keys: string[] = [];
      for await (const key of filesOf(listFolder, { prefix, after: startAfter })) {
        keys.push(key);
        if (keys.length > limit) break;
      }
      const page = keys.slice(0, limit);
      const objects: StoredObject[] = [];
      for (let i = 0; i < page.length; i += TOGETHER) {
        const some = page.slice(i, i + TOGETHER);
        const heads = await Promise.all(some.map(head));
        // A file that has disappeared meanwhile is reported when its turn comes.
        objects.push(...some.map((key, j) => heads[j] ?? { key, size: 0, etag: '' }));
      }
      return { objects, truncated: keys.length > limit };
    },

    async put(key, value, { onlyIf }: WriteOptions = {}) {
      if (onlyIf !== undefined && !holds(onlyIf, await head(key))) return null;
      const response = await disk.fetch(urlOf(key), { method: 'PUT', body: value });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${key} cannot be written to the folder: ${response.status}`);
      return { key };
    },
  };
}

/** Each segment separately, so that nothing in a key is interpreted as part of the URL. */
function urlOf(path: string): string {
  return `http://folder/${path.split('/').map(encodeURIComponent).join('/')}`;
}

function isFile(response: Response): boolean {
  return response.ok && response.headers.get('content-type') === FILE;
}

function objectOf(key: string, { headers }: Response): StoredObject {
  const size = Number(headers.get('content-length') ?? 0);
  return { key, size, etag: `${headers.get('last-modified')} ${size}` };
}

function holds(onlyIf: NonNullable<WriteOptions['onlyIf']>, found: StoredObject | null): boolean {
  if (onlyIf instanceof Headers) return found === null;
  return found !== null && found.etag === onlyIf.etagMatches;
}
