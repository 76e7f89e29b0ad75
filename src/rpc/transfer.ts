/** Export and import of a collection, and its versions, over RPC. */
import type { RpcCollection, RpcResult } from '../../client/rpc.ts';
import { headMetadata } from '../collections/head-json.ts';
import { RPC_OWNER } from '../collections/names.ts';
import { onnxHead } from '../collections/onnx-head.ts';
import type { HeadExport } from '../collections/transfer.ts';
import { fail, ok, type Result } from '../failure.ts';
import { readOptions } from '../given-options.ts';
import { importedHeadAnswer } from '../transfer/head-import.ts';
import { importItems } from '../transfer/item-import.ts';
import { exportOptionsSchema, headVersionSchema } from '../transfer/options.ts';
import { exportedHead, importedHead } from '../transfer/portable-head.ts';
import { exportedLine } from '../transfer/portable-item.ts';
import { versionsAnswer } from '../transfer/version-answer.ts';
import { type Named, own } from './owned.ts';

type Transfers = Pick<
  RpcCollection,
  | 'exportHead'
  | 'exportOnnx'
  | 'exportItems'
  | 'importHead'
  | 'importItems'
  | 'versions'
  | 'activate'
  | 'deleteVersion'
>;

/** Serves as a request id, which a call does not have. */
const NO_REQUEST = '';

export function transferMethods(named: Named): Transfers {
  const { name, collections } = named;

  function ofHead<T>(given: object | undefined, answer: (head: HeadExport) => T): Promise<RpcResult<T>> {
    return own(named, async (reference) => {
      const options = readOptions(exportOptionsSchema.pick({ version: true }), Object.entries(given ?? {}));
      if (!options.ok) return options;
      const head = await collections.exportHead(reference, RPC_OWNER, options.value.version);
      return head.ok ? ok(answer(head.value)) : head;
    });
  }

  return {
    exportHead: (options) => ofHead(options, exportedHead),
    exportOnnx: (options) => ofHead(options, (head) => onnxHead(head.head, headMetadata(head))),

    exportItems: (given) =>
      own(named, async (reference) => {
        const options = readOptions(exportOptionsSchema.pick({ after: true }), Object.entries(given ?? {}));
        if (!options.ok) return options;
        for await (const page of collections.exportItems(reference, RPC_OWNER, options.value.after)) {
          if (!page.ok) return page;
          const { items, embeddingSpace, more } = page.value;
          const last = items.at(-1);
          // A shard may be empty although the next one has items.
          if (last === undefined) continue;
          const lines = items.map((item) => JSON.parse(exportedLine(item, embeddingSpace)));
          return ok({ items: lines, ...(more ? { after: last.id } : {}) });
        }
        return ok({ items: [] });
      }),

    importHead: (head) =>
      own(named, async (reference) => {
        const given = importedHead(head);
        if (!given.ok) return given;
        const ready = await collections.ready(reference, RPC_OWNER);
        if (!ready.ok) return ready;
        const done = await collections.importHead(reference, RPC_OWNER, given.value.head, given.value.told);
        return done.ok ? ok(importedHeadAnswer(done.value, name)) : done;
      }),

    importItems: (items) =>
      own(named, async (reference) => {
        if (!Array.isArray(items))
          return fail({ code: 'field_invalid', field: 'items', reason: 'must be a list' });
        const ready = await collections.ready(reference, RPC_OWNER);
        if (!ready.ok) return ready;
        const to = { collections, reference, caller: RPC_OWNER, name, requestId: NO_REQUEST };
        return importItems(numbered(items), to);
      }),

    versions: () =>
      own(named, async (reference) => {
        const kept = await collections.versions(reference, RPC_OWNER);
        return kept.ok ? ok(versionsAnswer(kept.value, name)) : kept;
      }),

    activate: (version) =>
      own(named, async (reference) => {
        const wanted = version === 'latest' ? ok(undefined) : numberOf(version);
        if (!wanted.ok) return wanted;
        const done = await collections.activate(reference, RPC_OWNER, wanted.value);
        return done.ok ? ok(versionsAnswer(done.value, name)) : done;
      }),

    deleteVersion: (version) =>
      own(named, async (reference) => {
        const wanted = numberOf(version);
        if (!wanted.ok) return wanted;
        const done = await collections.forgetVersion(reference, RPC_OWNER, wanted.value);
        return done.ok ? ok(versionsAnswer(done.value, name)) : done;
      }),
  };
}

async function* numbered(items: readonly unknown[]) {
  for (const [index, value] of items.entries()) yield { line: index + 1, value: ok(value) };
}

function numberOf(version: unknown): Result<number> {
  const given = headVersionSchema.safeParse(version);
  return given.success
    ? ok(given.data)
    : fail({
        code: 'option_invalid',
        option: 'version',
        reason: 'a number, or latest to activate the newest',
      });
}
