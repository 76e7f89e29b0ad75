/**
 * What all routes for many pictures have in common: one result or one error each, in order.
 *
 * A picture that cannot be read fails alone. A failure of the batch itself (bad form, too many bytes, too many
 * pictures) fails the whole answer as JSON; as NDJSON it is the last line, because the results before it have been
 * sent.
 */
import type { Context } from 'hono';
import type { Classifier, Seen } from '../classifier.ts';
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { type BatchInput, openBatch } from '../input/batch.ts';
import type { Fields } from '../input/contents.ts';
import { type ProblemDetails, problemDetails } from '../problem-details.ts';
import type { AppEnv } from './env.ts';
import { accepts, NDJSON, ndjsonResponse } from './ndjson.ts';
import { problemResponse } from './problem.ts';
import type { Question } from './question.ts';

/** One picture's line. */
export type Line<T> =
  | { readonly index: number; readonly result: T }
  | { readonly index: number; readonly error: ProblemDetails };

type Outcome =
  | { readonly kind: 'seen'; readonly seen: Seen }
  | { readonly kind: 'failed' | 'broken_off'; readonly failure: Failure }
  | { readonly kind: 'field'; readonly field: Fields[number] };

/** @param question makes the answer about one picture. */
export function batchHandler<O, T>(question: Question<O, T>) {
  const { names, read: readOptions, answer } = question;

  return async (c: Context<AppEnv>): Promise<Response> => {
    // Checked first, so that an invalid query costs no upload.
    const asked = await readOptions(c);
    if (!asked.ok) return problemResponse(c, asked.failure);
    const work = c.get('work');
    const input = await openBatch(c.req.raw, work.limits, work.fetchImage);
    if (!input.ok) return problemResponse(c, input.failure);
    const { items, fields } = input.value;
    const options = await readOptions(c, fields);
    if (!options.ok) return problemResponse(c, options.failure);
    const outcomes = run(work.classifier, items);
    if (!accepts(c, NDJSON)) return whole(c, outcomes, options.value, fields);
    return ndjsonResponse(c, lines(c, outcomes, options.value, fields), { code: 'batch_empty' });
  };

  /** The answer once everything is known, which therefore also takes options that follow the pictures. */
  async function whole(
    c: Context<AppEnv>,
    outcomes: AsyncIterable<Outcome>,
    early: O,
    fields: Fields,
  ): Promise<Response> {
    const pictures: Result<Seen>[] = [];
    const late: Fields[number][] = [];
    for await (const outcome of outcomes) {
      if (outcome.kind === 'broken_off') return problemResponse(c, outcome.failure);
      if (outcome.kind === 'field') late.push(outcome.field);
      else pictures.push(outcome.kind === 'seen' ? ok(outcome.seen) : fail(outcome.failure));
    }
    if (pictures.length === 0) return problemResponse(c, { code: 'batch_empty' });
    const options = late.length === 0 ? ok(early) : await readOptions(c, [...fields, ...late]);
    if (!options.ok) return problemResponse(c, options.failure);
    const results = pictures.map(
      (picture, index): Line<T> =>
        picture.ok
          ? { index, result: answer(picture.value, options.value) }
          : failed(c, index, picture.failure),
    );
    return c.json({ results });
  }

  async function* lines(
    c: Context<AppEnv>,
    outcomes: AsyncIterable<Outcome>,
    options: O,
    fields: Fields,
  ): AsyncGenerator<Line<T>, void, void> {
    let index = 0;
    for await (const outcome of outcomes) {
      if (outcome.kind === 'seen') {
        yield { index, result: answer(outcome.seen, options) };
      } else if (outcome.kind === 'field') {
        const failure = await wrongHere(c, outcome.field, fields);
        if (failure === undefined) continue;
        yield failed(c, index, failure);
        return;
      } else {
        yield failed(c, index, outcome.failure);
      }
      index++;
    }
  }

  /** An option after a picture whose line has been sent. */
  async function wrongHere(
    c: Context<AppEnv>,
    field: Fields[number],
    fields: Fields,
  ): Promise<Failure | undefined> {
    const checked = await readOptions(c, [...fields, field]);
    if (!checked.ok) return checked.failure;
    const [option] = field;
    const reason = 'before the first picture of the form, because each is answered as it comes';
    return names.includes(option) ? { code: 'option_invalid', option, reason } : undefined;
  }
}

async function* run(classifier: Classifier, items: BatchInput['items']): AsyncGenerator<Outcome, void, void> {
  for await (const item of items) {
    if (item.kind === 'broken_off') {
      yield item;
    } else if (item.kind === 'field') {
      yield { kind: 'field', field: [item.name, item.value] };
    } else {
      const seen = item.image.ok ? await classifier.see(item.image.value) : item.image;
      yield seen.ok ? { kind: 'seen', seen: seen.value } : { kind: 'failed', failure: seen.failure };
    }
  }
}

function failed(c: Context<AppEnv>, index: number, failure: Failure) {
  return { index, error: problemDetails(failure, c.get('requestId')) };
}
