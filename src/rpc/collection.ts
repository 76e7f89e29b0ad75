/** Collections over RPC: the same as over HTTP, for Workers that bind this one. All of them are one owner. */
import { RpcTarget } from 'cloudflare:workers';
import type {
  CollectionOptions,
  DuplicatesQuery,
  EmbeddingItem,
  MakeOptions,
  Rpc,
  RpcCollection,
  RpcImage,
  RpcResult,
  SearchFor,
  SearchOptions,
  TeachOptions,
} from '../../client/rpc.ts';
import { makeSchema } from '../collection-options.ts';
import { statusAnswer, summaryAnswer } from '../collection-status.ts';
import { nameFault, RPC_OWNER } from '../collections/names.ts';
import { fail, ok } from '../failure.ts';
import { checkFields } from '../input/json.ts';
import { answered } from './call.ts';
import { classificationMethod } from './classification.ts';
import { itemMethods } from './items.ts';
import { likenessMethods } from './likeness.ts';
import { type Named, own, usable } from './owned.ts';
import { teachingMethods } from './teaching.ts';
import { transferMethods } from './transfer.ts';

export function createRpcCollections(parts: Omit<Named, 'name'>): Pick<Rpc, 'collections' | 'collection'> {
  return {
    collections: () =>
      answered(async () => {
        const all = await parts.collections.list(RPC_OWNER);
        return all.ok ? ok(all.value.map((summary) => summaryAnswer(summary, RPC_OWNER))) : all;
      }),
    collection: (name) => new CollectionStub({ ...parts, name: String(name) }),
  };
}

/** A stub has only the methods of its class, so each method calls the functions of the files beside it. */
class CollectionStub extends RpcTarget implements RpcCollection {
  readonly #named: Named;
  readonly #items: ReturnType<typeof itemMethods>;
  readonly #teaching: ReturnType<typeof teachingMethods>;
  readonly #classify: RpcCollection['classify'];
  readonly #likeness: ReturnType<typeof likenessMethods>;
  readonly #transfer: ReturnType<typeof transferMethods>;

  constructor(named: Named) {
    super();
    this.#named = named;
    this.#items = itemMethods(named);
    this.#teaching = teachingMethods(named);
    this.#classify = classificationMethod(named);
    this.#likeness = likenessMethods(named);
    this.#transfer = transferMethods(named);
  }

  make(options: MakeOptions = {}) {
    return answered(async () => {
      const { name, collections } = this.#named;
      const fault = nameFault(name);
      if (fault !== undefined) return fail(fault);
      const given = checkFields(makeSchema, options);
      if (!given.ok) return given;
      const { shared, shards } = given.value;
      const made = await collections.make(RPC_OWNER, name, { shared, shards });
      return made.ok ? this.#status() : made;
    });
  }

  status() {
    return answered(() => this.#status());
  }

  delete(): Promise<RpcResult<null>> {
    return own(this.#named, async (reference) => {
      const gone = await this.#named.collections.forget(reference, RPC_OWNER);
      return gone.ok ? ok(null) : gone;
    });
  }

  train() {
    return own(this.#named, async (reference) => {
      const trained = await this.#named.collections.train(reference, RPC_OWNER);
      return trained.ok ? ok(statusAnswer(trained.value, RPC_OWNER)) : trained;
    });
  }

  add(images: RpcImage | readonly RpcImage[], options?: TeachOptions) {
    return this.#teaching.add(images, options);
  }

  addEmbeddings(items: readonly EmbeddingItem[]) {
    return this.#teaching.addEmbeddings(items);
  }

  items(query?: Parameters<RpcCollection['items']>[0]) {
    return this.#items.items(query);
  }

  item(id: string) {
    return this.#items.item(id);
  }

  change(id: string, change: Parameters<RpcCollection['change']>[1]) {
    return this.#items.change(id, change);
  }

  remove(which: Parameters<RpcCollection['remove']>[0]) {
    return this.#items.remove(which);
  }

  classify(image: RpcImage, options?: CollectionOptions) {
    return this.#classify(image, options);
  }

  search(what: RpcImage | SearchFor, options?: SearchOptions) {
    return this.#likeness.search(what, options);
  }

  duplicates(query?: DuplicatesQuery) {
    return this.#likeness.duplicates(query);
  }

  exportHead(options?: Parameters<RpcCollection['exportHead']>[0]) {
    return this.#transfer.exportHead(options);
  }

  exportOnnx(options?: Parameters<RpcCollection['exportOnnx']>[0]) {
    return this.#transfer.exportOnnx(options);
  }

  exportItems(options?: Parameters<RpcCollection['exportItems']>[0]) {
    return this.#transfer.exportItems(options);
  }

  importHead(head: Parameters<RpcCollection['importHead']>[0]) {
    return this.#transfer.importHead(head);
  }

  importItems(items: Parameters<RpcCollection['importItems']>[0]) {
    return this.#transfer.importItems(items);
  }

  versions() {
    return this.#transfer.versions();
  }

  activate(version: number | 'latest') {
    return this.#transfer.activate(version);
  }

  deleteVersion(version: number) {
    return this.#transfer.deleteVersion(version);
  }

  async #status() {
    const reference = usable(this.#named);
    if (!reference.ok) return reference;
    const status = await this.#named.collections.status(reference.value, RPC_OWNER);
    return status.ok ? ok(statusAnswer(status.value, RPC_OWNER)) : status;
  }
}
