/** The head of the present labelled items, from the database or trained now. */
import { fail, ok, type Result } from '../failure.ts';
import type { CollectionRow } from './collection-row.ts';
import { decodeHead, encodeHead } from './head-bytes.ts';
import { readExamples, readHead } from './head-store.ts';
import { trainHead } from './head-training.ts';
import { keepTrained, trainedVersion } from './head-versions.ts';

export function trainedHead(
  storage: DurableObjectStorage,
  { labelled, taught }: CollectionRow,
): Result<Uint8Array<ArrayBuffer>> {
  const { sql } = storage;
  if (labelled === 0) return fail({ code: 'collection_untaught' });
  const known = trainedVersion(sql) === taught ? readHead(sql, taught) : undefined;
  // A head that another version of the code has written may be unreadable to this one.
  if (known !== undefined && decodeHead(known.buffer) !== undefined) return ok(known);
  const head = trainHead(readExamples(sql, labelled));
  storage.transactionSync(() => keepTrained(sql, taught, head));
  return ok(encodeHead(head));
}
