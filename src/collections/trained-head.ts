/** The head of the labelled items as they are, from the database or trained now. */
import { fail, ok, type Result } from '../failure.ts';
import type { CollectionRow } from './collection-row.ts';
import { decodeHead, encodeHead } from './head-bytes.ts';
import { readExamples, readHead, writeHead } from './head-store.ts';
import { trainHead } from './head-training.ts';

export function trainedHead(
  storage: DurableObjectStorage,
  { labelled, taught }: CollectionRow,
): Result<Uint8Array<ArrayBuffer>> {
  const { sql } = storage;
  if (labelled === 0) return fail({ code: 'collection_untaught' });
  const known = readHead(sql, taught);
  // What another version of the code has written may be no head to this one.
  if (known !== undefined && decodeHead(known.buffer) !== undefined) return ok(known);
  const bytes = encodeHead(trainHead(readExamples(sql, labelled)));
  storage.transactionSync(() => writeHead(sql, taught, bytes));
  return ok(bytes);
}
