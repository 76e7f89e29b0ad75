/** Keys of results in the bucket. */
import type { JobSpec } from './schemas.ts';

/** Enough digits for a hundred million chunks, so that the order of keys is the order of pictures. */
const CHUNK_DIGITS = 8;
/** R2's longest key, in bytes. */
const MAX_KEY_BYTES = 1024;

/** The file of a chunk: NDJSON, one line per picture. */
export function chunkKey({ output, id }: Pick<JobSpec, 'output' | 'id'>, chunk: number): string {
  return `${output.prefix}${id}/${String(chunk).padStart(CHUNK_DIGITS, '0')}.ndjson`;
}

/** The job after its end. */
export function summaryKey({ output, id }: Pick<JobSpec, 'output' | 'id'>): string {
  return `${output.prefix}${id}/job.json`;
}

/** The result for a new picture: its own key, below the prefix of results. */
export async function pictureKey(prefix: string, key: string): Promise<string> {
  const place = `${prefix}${key}.json`;
  const bytes = new TextEncoder().encode(place);
  if (bytes.byteLength <= MAX_KEY_BYTES) return place;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
  return `${prefix}${hash.toHex()}.json`;
}
