/** The items of a collection over RPC: list, read, change and remove. */
import type { RpcCollection } from '../../client/rpc.ts';
import { changeSchema, listQuerySchema } from '../collection-options.ts';
import { CURSOR_WANTED, itemAnswer, pageAnswer, positionOf } from '../collection-status.ts';
import { RPC_OWNER } from '../collections/names.ts';
import { fail, ok } from '../failure.ts';
import { readOptions } from '../given-options.ts';
import { checkFields } from '../input/json.ts';
import { type Named, own } from './owned.ts';

export function itemMethods(named: Named): Pick<RpcCollection, 'items' | 'item' | 'change' | 'remove'> {
  const { name, collections } = named;
  return {
    items: (query) =>
      own(named, async (reference) => {
        const options = readOptions(listQuerySchema, Object.entries(query ?? {}));
        if (!options.ok) return options;
        const { label, limit, cursor } = options.value;
        const after = positionOf(cursor);
        if (after === undefined) return fail(CURSOR_WANTED);
        const page = await collections.items(reference, RPC_OWNER, {
          after,
          limit,
          ...(label === undefined ? {} : { label }),
        });
        return page.ok ? ok(pageAnswer(page.value)) : page;
      }),

    item: (id) =>
      own(named, async (reference) => {
        const item = await collections.item(reference, RPC_OWNER, String(id));
        return item.ok ? ok(itemAnswer(item.value)) : item;
      }),

    change: (id, change) =>
      own(named, async (reference) => {
        const given = checkFields(changeSchema, change);
        if (!given.ok) return given;
        const { label, metadata } = given.value;
        const changed = await collections.patch(reference, RPC_OWNER, String(id), {
          ...(label === undefined ? {} : { label }),
          ...(metadata === undefined ? {} : { metadata: metadata && JSON.stringify(metadata) }),
        });
        if (!changed.ok) return changed;
        const { value, facts } = changed.value;
        return ok({ ...itemAnswer(value), collection: { name, version: facts.version } });
      }),

    remove: (which) =>
      own(named, async (reference) => {
        if (!isOneOf(which))
          return fail({ code: 'field_invalid', field: '', reason: 'must be {"id": …} or {"label": …}' });
        const gone = await collections.remove(reference, RPC_OWNER, which);
        if (!gone.ok) return gone;
        const { value, facts } = gone.value;
        return ok({ removed: value, collection: { name, version: facts.version } });
      }),
  };
}

function isOneOf(which: unknown): which is { readonly id: string } | { readonly label: string } {
  if (typeof which !== 'object' || which === null) return false;
  return (
    ('id' in which && typeof which.id === 'string') || ('label' in which && typeof which.label === 'string')
  );
}
