/**
 * `POST …/items`: processes pictures, and stores the results in the collection. One result or one error each, in order.
 *
 * As JSON, everything is processed first and stored at once; as NDJSON, each item is stored before its line is sent, so
 * that a line means that its item is stored.
 */
import type { Context } from 'hono';
import { type TeachOptions, teachOptionsSchema } from '../collection-options.ts';
import type { AddedItem } from '../collection-status.ts';
import type { Collections } from '../collections/collections.ts';
import type { NewItem } from '../collections/item.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { readOptions } from '../given-options.ts';
import type { Fields } from '../input/contents.ts';
import { type ItemInput, type ItemsInput, openItems, type Source } from '../input/items.ts';
import { type ProblemDetails, problemDetails } from '../problem-details.ts';
import type { Settings } from '../settings.ts';
import { addedItems, itemOfEmbedding, itemOfPicture } from '../teaching.ts';
import { type Asked, askedToChange } from './collection-request.ts';
import type { AppEnv } from './env.ts';
import { accepts, NDJSON, ndjsonResponse } from './ndjson.ts';
import { fromQuery } from './options.ts';
import { problemResponse } from './problem.ts';

type Line =
  | { readonly index: number; readonly result: AddedItem }
  | { readonly index: number; readonly error: ProblemDetails };

/** The result for a picture, before its options are applied. */
type Make = (options: TeachOptions) => Promise<Result<NewItem>>;

interface Made {
  readonly make: Result<Make>;
  readonly said: Fields;
}

const NO_ID_FOR_MANY: Failure = {
  code: 'option_invalid',
  option: 'id',
  reason: 'of one picture; in JSON each of the items has its own',
};

export function teachHandler(settings: Settings, collections: Collections) {
  return async (c: Context<AppEnv>): Promise<Response> => {
    const asked = askedToChange(c, settings);
    if (!asked.ok) return problemResponse(c, asked.failure);
    // Invalid options and a missing collection cost no upload.
    const query = readOptions(teachOptionsSchema, fromQuery(c));
    if (!query.ok) return problemResponse(c, query.failure);
    const ready = await collections.ready(asked.value.reference, asked.value.caller);
    if (!ready.ok) return problemResponse(c, ready.failure);
    const work = c.get('work');
    const input = await openItems(c.req.raw, work.limits, work.fetchImage);
    if (!input.ok) return problemResponse(c, input.failure);
    return accepts(c, NDJSON)
      ? ndjsonResponse(c, lines(c, asked.value, input.value), { code: 'batch_empty' })
      : whole(c, asked.value, input.value);
  };

  async function whole(
    c: Context<AppEnv>,
    asked: Asked,
    { single, items, fields }: ItemsInput,
  ): Promise<Response> {
    const all: Made[] = [];
    const late: Fields[number][] = [];
    for await (const item of items) {
      if (item.kind === 'broken_off') return problemResponse(c, item.failure);
      if (item.kind === 'field') late.push([item.name, item.value]);
      else all.push({ make: await makerOf(c, item.source), said: item.said });
    }
    if (all.length === 0) return problemResponse(c, { code: 'batch_empty' });
    const common = [...fields, ...late];
    // An error in the common options is an error of all.
    const options = readOptions(teachOptionsSchema, fromQuery(c), common);
    if (!options.ok) return problemResponse(c, options.failure);
    if (options.value.id !== undefined && all.length > 1) return problemResponse(c, NO_ID_FOR_MANY);

    const made: Result<NewItem>[] = [];
    for (const one of all) made.push(await itemOf(c, one, common));
    const [first] = made;
    if (single && first && !first.ok) return problemResponse(c, first.failure);
    const kept = await keep(asked, made);
    if (!kept.ok) return problemResponse(c, kept.failure);
    const { added, version } = kept.value;
    const [only] = added;
    if (single && only && !only.ok) return problemResponse(c, only.failure);
    const results = added.map((result, index) => lineOf(c, index, result));
    return c.json({ results, collection: { name: asked.name, version } });
  }

  async function* lines(
    c: Context<AppEnv>,
    asked: Asked,
    { items, fields }: ItemsInput,
  ): AsyncGenerator<Line, void, void> {
    let index = 0;
    for await (const item of items) {
      if (item.kind === 'field') {
        const [option] = [item.name];
        if (!Object.keys(teachOptionsSchema.shape).includes(option)) continue;
        const reason = 'before the first picture of the form, because each is added as it comes';
        yield lineOf(c, index, fail({ code: 'option_invalid', option, reason }));
        return;
      }
      yield lineOf(c, index++, await lineResult(c, asked, item, fields, index > 0));
    }
  }

  async function lineResult(
    c: Context<AppEnv>,
    asked: Asked,
    item: Exclude<ItemInput, { kind: 'field' }>,
    fields: Fields,
    further: boolean,
  ): Promise<Result<AddedItem>> {
    if (item.kind === 'broken_off') return fail(item.failure);
    const common = readOptions(teachOptionsSchema, fromQuery(c), fields);
    if (!common.ok) return common;
    if (further && common.value.id !== undefined) return fail(NO_ID_FOR_MANY);
    const made = await itemOf(c, { make: await makerOf(c, item.source), said: item.said }, fields);
    const kept = await keep(asked, [made]);
    if (!kept.ok) return kept;
    return kept.value.added[0] ?? fail({ code: 'internal' });
  }

  /** Stores those that could be made in the collection. */
  async function keep(
    { reference, caller }: Asked,
    made: readonly Result<NewItem>[],
  ): Promise<Result<{ readonly added: readonly Result<AddedItem>[]; readonly version: number }>> {
    const items = made.flatMap((one) => (one.ok ? [one.value] : []));
    const changed = await collections.add(reference, caller, items);
    if (!changed.ok) return changed;
    const { version } = changed.value.facts;
    return ok({ added: addedItems(made, changed.value.value, version), version });
  }
}

/** Classifies the picture now, while its bytes are in memory. */
async function makerOf(c: Context<AppEnv>, source: Result<Source>): Promise<Result<Make>> {
  if (!source.ok) return source;
  const given = source.value;
  if (given.kind === 'embedding')
    return ok((options) => itemOfEmbedding(given.embedding, given.space, options));
  const seen = await c.get('work').classifier.see(given.bytes);
  if (!seen.ok) return seen;
  const item = await itemOfPicture(seen.value, given.bytes, {});
  return ok(async (options) => ok({ ...item, ...saidBy(options) }));
}

/** The id is the hash of the file, unless one is given. */
function saidBy({ id, label, metadata, copies }: TeachOptions): Partial<NewItem> {
  return {
    copies,
    ...(id === undefined ? {} : { id }),
    ...(label === undefined ? {} : { label }),
    ...(metadata === undefined ? {} : { metadata: JSON.stringify(metadata) }),
  };
}

/** @param common options for all; an item's own override them. */
async function itemOf(c: Context<AppEnv>, { make, said }: Made, common: Fields): Promise<Result<NewItem>> {
  if (!make.ok) return make;
  const options = readOptions(teachOptionsSchema, fromQuery(c), common, said);
  return options.ok ? make.value(options.value) : options;
}

function lineOf(c: Context<AppEnv>, index: number, result: Result<AddedItem>): Line {
  return result.ok
    ? { index, result: result.value }
    : { index, error: problemDetails(result.failure, c.get('requestId')) };
}
