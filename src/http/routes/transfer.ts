/** `/v1/collections/{name}/export` and `/import`: export and import of a collection. */
import { type Context, Hono } from 'hono';
import { headMetadata } from '../../collections/head-json.ts';
import { onnxHead } from '../../collections/onnx-head.ts';
import type { Transfer } from '../../collections/transfer.ts';
import { fail, ok, type Result } from '../../failure.ts';
import { BodyError, openBody, readBody } from '../../input/body.ts';
import { parseBody } from '../../input/json.ts';
import { jsonLines } from '../../input/lines.ts';
import { importedHeadAnswer } from '../../transfer/head-import.ts';
import { importItems } from '../../transfer/item-import.ts';
import { exportOptionsSchema, importOptionsSchema } from '../../transfer/options.ts';
import { exportedHead, importedHead } from '../../transfer/portable-head.ts';
import { exportedLine } from '../../transfer/portable-item.ts';
import { type Asked, askedFor, askedToChange } from '../collection-request.ts';
import type { AppEnv } from '../env.ts';
import { streamedLines } from '../ndjson.ts';
import { optionsReader } from '../options.ts';
import { problemResponse } from '../problem.ts';
import type { Services } from '../services.ts';
import { respond } from './collections.ts';

/** Lines of a page of items that are sent at once, because they are ready. */
const LINES_AT_ONCE = 100;

export function transferRoute({ guard, settings, collections }: Services): Hono<AppEnv> {
  const readExport = optionsReader(exportOptionsSchema);
  const readImport = optionsReader(importOptionsSchema);

  async function exported(c: Context<AppEnv>): Promise<Response> {
    const asked = askedFor(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const options = readExport(c);
    if (!options.ok) return problemResponse(c, options.failure);
    const { format, version, after } = options.value;
    const { reference, caller } = asked.value;
    if (format === 'items') return items(c, asked.value, after);
    const head = await collections.exportHead(reference, caller, version);
    if (!head.ok) return problemResponse(c, head.failure);
    const file = `${head.value.facts.name}-${head.value.version.version}.${format}`;
    c.header('content-disposition', `attachment; filename="${file}"`);
    if (format === 'json') return c.json(exportedHead(head.value));
    const onnx = onnxHead(head.value.head, headMetadata(head.value));
    return c.body(onnx, 200, { 'content-type': 'application/octet-stream' });
  }

  async function items(
    c: Context<AppEnv>,
    { reference, caller, name }: Asked,
    after?: string,
  ): Promise<Response> {
    const pages = collections.exportItems(reference, caller, after);
    const first = await pages.next();
    if (!first.done && !first.value.ok) return problemResponse(c, first.value.failure);
    c.header('content-disposition', `attachment; filename="${name.replace('/', '-')}.ndjson"`);
    return streamedLines(c, linesOf(first, pages));
  }

  async function imported(c: Context<AppEnv>): Promise<Response> {
    const asked = askedToChange(c, settings);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const format = formatOf(c);
    if (!format.ok) return problemResponse(c, format.failure);
    const { reference, caller } = asked.value;
    // A missing collection costs no upload.
    const ready = await collections.ready(reference, caller);
    if (!ready.ok) return problemResponse(c, ready.failure);
    return format.value === 'json' ? head(c, asked.value) : lines(c, asked.value);
  }

  function formatOf(c: Context<AppEnv>): Result<'json' | 'items'> {
    const options = readImport(c);
    if (!options.ok) return options;
    if (options.value.format !== undefined) return ok(options.value.format);
    const type = c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    if (type === 'application/json') return ok('json');
    if (/^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)$/.test(type)) return ok('items');
    const reason =
      'json or items; without it the content type says which: application/json or application/x-ndjson';
    return fail({ code: 'option_invalid', option: 'format', reason });
  }

  async function head(c: Context<AppEnv>, { reference, caller, name }: Asked): Promise<Response> {
    const { hold, timeoutSeconds, maxJsonBytes: maxBytes } = c.get('work').limits;
    const body = await readBody(c.req.raw, { maxBytes, timeoutSeconds, hold });
    if (!body.ok) return problemResponse(c, body.failure);
    const json = parseBody(body.value, hold);
    if (!json.ok) return problemResponse(c, json.failure);
    const given = importedHead(json.value);
    if (!given.ok) return problemResponse(c, given.failure);
    const done = await collections.importHead(reference, caller, given.value.head, given.value.told);
    return respond(c, done, (changed) => importedHeadAnswer(changed, name));
  }

  async function lines(c: Context<AppEnv>, { reference, caller, name }: Asked): Promise<Response> {
    const { hold, timeoutSeconds, maxBatchBytes: maxBytes } = c.get('work').limits;
    const body = openBody(c.req.raw, { maxBytes, timeoutSeconds, hold });
    if (!body.ok) return problemResponse(c, body.failure);
    const to = { collections, reference, caller, name, requestId: c.get('requestId') };
    try {
      return respond(c, await importItems(jsonLines(body.value, hold), to), (answer) => answer);
    } catch (error) {
      if (error instanceof BodyError) return problemResponse(c, error.failure);
      throw error;
    }
  }

  return new Hono<AppEnv>().get('/:name/export', guard, exported).post('/:name/import', guard, imported);
}

type Pages = ReturnType<Transfer['exportItems']>;

/** @throws if a page cannot be read: only whole lines were sent, and an export can continue after the last. */
async function* linesOf(
  first: Awaited<ReturnType<Pages['next']>>,
  pages: Pages,
): AsyncGenerator<string, void, void> {
  try {
    for (let page = first; !page.done; page = await pages.next()) {
      if (!page.value.ok) throw new Error(`An export broke off: ${page.value.failure.code}`);
      const { items, embeddingSpace } = page.value.value;
      for (let at = 0; at < items.length; at += LINES_AT_ONCE) {
        yield items
          .slice(at, at + LINES_AT_ONCE)
          .map((item) => `${exportedLine(item, embeddingSpace)}\n`)
          .join('');
      }
    }
  } finally {
    await pages.return();
  }
}
