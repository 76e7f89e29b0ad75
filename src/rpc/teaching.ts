/** Pictures and embeddings that are added to a collection over RPC: all are processed first, then stored together. */
import type { EmbeddingItem, RpcCollection, RpcResult, TeachOptions } from '../../client/rpc.ts';
import { teachOptionsSchema } from '../collection-options.ts';
import type { AddedItem } from '../collection-status.ts';
import type { NewItem } from '../collections/item.ts';
import { RPC_OWNER } from '../collections/names.ts';
import { fail, ok, type Result } from '../failure.ts';
import { readOptions } from '../given-options.ts';
import { type Allowance, createAllowance } from '../image/ways/allowance.ts';
import { embeddingOf } from '../input/items.ts';
import { addedItems, itemOfEmbedding, itemOfPicture } from '../teaching.ts';
import { answered } from './call.ts';
import { type Named, own } from './owned.ts';

export function teachingMethods(named: Named): Pick<RpcCollection, 'add' | 'addEmbeddings'> {
  const { collections, settings, see } = named;

  function added<T>(
    list: readonly T[],
    given: TeachOptions | undefined,
    itemOf: (
      one: T,
      options: ReturnType<typeof teachOptionsSchema.parse>,
      allowance: Allowance,
    ) => Promise<Result<NewItem>>,
  ): Promise<RpcResult<RpcResult<AddedItem>[]>> {
    return own(named, async (reference) => {
      const options = readOptions(teachOptionsSchema, Object.entries(given ?? {}));
      if (!options.ok) return options;
      if (list.length === 0) return fail({ code: 'batch_empty' });
      if (list.length > settings.MAX_BATCH_ITEMS)
        return fail({ code: 'batch_too_many_items', limitItems: settings.MAX_BATCH_ITEMS });
      if (options.value.id !== undefined && list.length > 1)
        return fail({ code: 'option_invalid', option: 'id', reason: 'of one picture' });
      const ready = await collections.ready(reference, RPC_OWNER);
      if (!ready.ok) return ready;
      const made: Result<NewItem>[] = [];
      const allowance = createAllowance(settings.MAX_BATCH_UNITS);
      for (const one of list) made.push(await itemOf(one, options.value, allowance));
      const items = made.flatMap((one) => (one.ok ? [one.value] : []));
      const changed = await collections.add(reference, RPC_OWNER, items);
      if (!changed.ok) return changed;
      const { value, facts } = changed.value;
      const results: RpcResult<AddedItem>[] = [];
      for (const outcome of addedItems(made, value, facts.version))
        results.push(await answered(async () => outcome));
      return ok(results);
    });
  }

  return {
    add: (images, given) =>
      added(Array.isArray(images) ? images : [images], given, async (image, options, allowance) => {
        const seen = await see(image, await allowance.next());
        return seen.ok ? ok(await itemOfPicture(seen.value, seen.value.bytes, options)) : seen;
      }),

    addEmbeddings: (items: readonly EmbeddingItem[]) =>
      added(items, {}, async (item) => {
        const options = readOptions(teachOptionsSchema, Object.entries(item ?? {}));
        if (!options.ok) return options;
        const source = embeddingOf(item.embedding, item.embedding_space, 'embedding');
        return source.ok
          ? itemOfEmbedding(source.value.embedding, source.value.space, options.value)
          : source;
      }),
  };
}
