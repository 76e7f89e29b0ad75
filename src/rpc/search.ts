/** Search in a collection over RPC: for a picture, an embedding or another item. */
import type { RpcCollection, RpcImage } from '../../client/rpc.ts';
import { searchOptionsSchema } from '../collection-options.ts';
import { searchAnswer } from '../collection-status.ts';
import { RPC_OWNER } from '../collections/names.ts';
import { ok, type Result } from '../failure.ts';
import { readOptions } from '../given-options.ts';
import { questionOf, type Sought } from '../search-question.ts';
import { answered } from './call.ts';
import { type Named, usable } from './owned.ts';

export function searchMethod(named: Named): RpcCollection['search'] {
  const { name, collections, see } = named;

  async function soughtIn(what: Parameters<RpcCollection['search']>[0]): Promise<Result<Sought>> {
    const question = isPicture(what) ? undefined : questionOf(what);
    if (question !== undefined) return question.ok ? ok(question.value.sought) : question;
    // What is neither is refused as a picture that is none.
    const seen = await see(what as RpcImage);
    return seen.ok ? ok({ embedding: seen.value.embedding, fingerprint: seen.value.fingerprint }) : seen;
  }

  return (what, given) =>
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
    });
}

/** A Request has an `url`, as JSON may have one that names a picture. */
function isPicture(what: unknown): boolean {
  return (
    what instanceof ArrayBuffer ||
    what instanceof Uint8Array ||
    what instanceof ReadableStream ||
    what instanceof Request ||
    what instanceof Response
  );
}
