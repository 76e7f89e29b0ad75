/** Similarity in a collection, over RPC: search for a picture, an embedding or another item, and copies. */
import type { RpcCollection, RpcImage } from '../../client/rpc.ts';
import { duplicatesQuerySchema, searchOptionsSchema } from '../collection-options.ts';
import { CURSOR_WANTED, positionOf } from '../collection-status.ts';
import { RPC_OWNER } from '../collections/names.ts';
import { fail, ok, type Result } from '../failure.ts';
import { readOptions } from '../given-options.ts';
import { duplicatesAnswer, searchAnswer } from '../likeness-answer.ts';
import { questionOf, type Sought } from '../search-question.ts';
import { answered } from './call.ts';
import { type Named, own, usable } from './owned.ts';

export function likenessMethods(named: Named): Pick<RpcCollection, 'search' | 'duplicates'> {
  const { name, collections, see } = named;

  async function soughtIn(what: Parameters<RpcCollection['search']>[0]): Promise<Result<Sought>> {
    const question = isPicture(what) ? undefined : questionOf(what);
    if (question !== undefined) return question.ok ? ok(question.value.sought) : question;
    // A value of neither kind is refused as an invalid picture.
    const seen = await see(what as RpcImage);
    return seen.ok ? ok({ embedding: seen.value.embedding, fingerprint: seen.value.fingerprint }) : seen;
  }

  return {
    search: (what, given) =>
      answered(async () => {
        const options = readOptions(searchOptionsSchema, Object.entries(given ?? {}));
        if (!options.ok) return options;
        const reference = usable(named);
        if (!reference.ok) return reference;
        const sought = await soughtIn(what);
        if (!sought.ok) return sought;
        const { top_k: limit, min_similarity: minSimilarity, label } = options.value;
        const found = await collections.search(reference.value, RPC_OWNER, {
          ...sought.value,
          limit,
          minSimilarity,
          ...(label === undefined ? {} : { label }),
        });
        return found.ok ? ok(searchAnswer(found.value, RPC_OWNER, name)) : found;
      }),

    duplicates: (given) =>
      own(named, async (reference) => {
        const query = readOptions(duplicatesQuerySchema, Object.entries(given ?? {}));
        if (!query.ok) return query;
        const { limit, cursor } = query.value;
        const after = positionOf(cursor);
        if (after === undefined) return fail(CURSOR_WANTED);
        const page = await collections.duplicates(reference, RPC_OWNER, { after, limit });
        return page.ok ? ok(duplicatesAnswer(page.value, name)) : page;
      }),
  };
}

/** A Request has a `url`, as does JSON that names a picture. */
function isPicture(what: unknown): boolean {
  return (
    what instanceof ArrayBuffer ||
    what instanceof Uint8Array ||
    what instanceof ReadableStream ||
    what instanceof Request ||
    what instanceof Response
  );
}
