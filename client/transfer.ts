/** Export and import of a collection, and its versions, over HTTP. */
import { jsonLines } from './lines.ts';
import type { CallOptions, Send } from './request.ts';
import type {
  ExportedHead,
  ExportedItem,
  ImportedHead,
  ImportedItems,
  ImportItem,
  PortableHead,
  Versions,
} from './transfer-answers.ts';

/** Methods throw as those of ClientCollection. */
export interface ClientTransfer {
  /** The trained head. @param options a kept version, instead of the one that answers. */
  exportHead(options?: { readonly version?: number }, call?: CallOptions): Promise<ExportedHead>;
  /** The same as an ONNX file, which takes embeddings. */
  exportOnnx(options?: { readonly version?: number }, call?: CallOptions): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Its items in the order in which they were added, as they arrive. If it breaks off, continue after the last one.
   *
   * @param options only items after the one with this id.
   */
  exportItems(options?: { readonly after?: string }, call?: CallOptions): AsyncIterable<ExportedItem>;
  /** Imports a head, which then answers without its items. */
  importHead(head: PortableHead, call?: CallOptions): Promise<ImportedHead>;
  /**
   * Adds exported items, or embeddings from elsewhere, in as many requests as needed. Repeating it after an
   * interruption does not change what was already added.
   *
   * @returns the counts for all of them; a line is the number of the item.
   */
  importItems(
    items: Iterable<ImportItem> | AsyncIterable<ImportItem>,
    call?: CallOptions,
  ): Promise<ImportedItems>;
  /** The kept versions, the newest first. */
  versions(call?: CallOptions): Promise<Versions>;
  /** Pins a version, which then answers whatever is taught, or returns to the newest. */
  activate(version: number | 'latest', call?: CallOptions): Promise<Versions>;
  deleteVersion(version: number, call?: CallOptions): Promise<Versions>;
}

/** Bytes of one request: far below a deployment's limit, and some thousand items. */
const REQUEST_CHARACTERS = 8 * 1024 * 1024;

const MOST_ERRORS = 100;

/** @param path the collection's. */
export function clientTransfer(path: string, send: Send): ClientTransfer {
  const answer = (response: Response) => response.json();
  const headOf = (format: string, version?: number) =>
    `${path}/export?format=${format}${version === undefined ? '' : `&version=${version}`}`;

  return {
    exportHead: ({ version } = {}, call = {}) => send(headOf('json', version), {}, call, answer),
    exportOnnx: ({ version } = {}, call = {}) =>
      send(
        headOf('onnx', version),
        {},
        call,
        async (response) => new Uint8Array(await response.arrayBuffer()),
      ),

    async *exportItems({ after } = {}, call = {}) {
      const from = after === undefined ? '' : `&after=${encodeURIComponent(after)}`;
      const body = await send(
        `${path}/export?format=items${from}`,
        {},
        call,
        async (response) => response.body,
      );
      // Trusted, because it comes from the service that this client belongs to.
      if (body) yield* jsonLines(body) as AsyncIterable<ExportedItem>;
    },

    importHead: (head, call = {}) =>
      send(`${path}/import`, post('application/json', JSON.stringify(head)), call, answer),

    async importItems(items, call = {}) {
      const sent = (lines: readonly string[]) =>
        send<ImportedItems>(`${path}/import`, post('application/x-ndjson', lines.join('')), call, answer);
      let whole: ImportedItems | undefined;
      let before = 0;
      for await (const lines of partsOf(items)) {
        whole = together(whole, await sent(lines), before);
        before += lines.length;
      }
      return whole ?? sent([' ']);
    },

    versions: (call = {}) => send(`${path}/versions`, {}, call, answer),
    activate: (version, call = {}) =>
      send(`${path}/versions/${version}/activate`, { method: 'POST' }, call, answer),
    deleteVersion: (version, call = {}) =>
      send(`${path}/versions/${version}`, { method: 'DELETE' }, call, answer),
  };
}

/** Lines that are sent together. */
async function* partsOf(
  items: Iterable<ImportItem> | AsyncIterable<ImportItem>,
): AsyncGenerator<readonly string[], void, void> {
  let lines: string[] = [];
  let characters = 0;
  for await (const { embedding, ...said } of items) {
    const line = `${JSON.stringify({ ...said, embedding: [...embedding] })}\n`;
    if (lines.length > 0 && characters + line.length > REQUEST_CHARACTERS) {
      yield lines;
      lines = [];
      characters = 0;
    }
    lines.push(line);
    characters += line.length;
  }
  if (lines.length > 0) yield lines;
}

/** @param before number of lines in the earlier ones. */
function together(one: ImportedItems | undefined, next: ImportedItems, before: number): ImportedItems {
  if (one === undefined) return next;
  const errors = next.errors.map(({ line, error }) => ({ line: line + before, error }));
  return {
    items: {
      added: one.items.added + next.items.added,
      replaced: one.items.replaced + next.items.replaced,
      unchanged: one.items.unchanged + next.items.unchanged,
      failed: one.items.failed + next.items.failed,
    },
    errors: [...one.errors, ...errors].slice(0, MOST_ERRORS),
    collection: next.collection,
  };
}

function post(type: string, body: string): RequestInit {
  return { method: 'POST', body, headers: { 'content-type': type } };
}
