/** A group of pictures, sent until each has an outcome. */
import type { Problem } from './answers.ts';
import { jsonLines } from './lines.ts';
import { batchRequest, type Options, pictureRequest, type Sendable } from './picture.ts';
import { ProblemError } from './problem.ts';
import type { CallOptions, Send } from './request.ts';

/** A picture with its position in the caller's order. */
export interface Numbered {
  readonly index: number;
  readonly picture: Sendable;
}

/** The outcome for a picture. */
export type Outcome<R> =
  | { readonly ok: true; readonly result: R }
  | { readonly ok: false; readonly problem: Problem };

/** A line of the service's answer; a test holds its types equal to the service's schemas. */
type Line<R> = { readonly index: number } & ({ readonly result: R } | { readonly error: Problem });

export interface GroupSender<R> {
  readonly send: Send;
  /** Routes for many pictures and for one. */
  readonly routes: { readonly many: string; readonly one: string };
  readonly options: Options;
  /** Name of the list of pictures in JSON: `images` by default. */
  readonly list?: 'images' | 'items';
  /** Extracts the result from the answer to one picture; by default the answer itself. */
  readonly outcomeOf?: (answer: unknown) => Outcome<R>;
  readonly call: CallOptions;
  /** Largest accepted picture, in bytes. */
  readonly maxBytes: number;
  /** Called once for each picture. */
  readonly found: (index: number, outcome: Outcome<R>) => void;
}

/**
 * Codes that do not concern the picture: the batch had no time left for it, or the service no room. It is sent again.
 */
const AGAIN: ReadonlySet<string> = new Set(['batch_too_costly', 'overloaded', 'too_many_open']);

/** Refusals of the whole request: no other picture would fare better. */
const OF_THE_CALL: ReadonlySet<string> = new Set([
  'anonymous_refused',
  'key_wrong',
  'key_throttled',
  'rate_limited',
  'overloaded',
  'too_many_open',
  'option_invalid',
  'route_unknown',
  'method_not_allowed',
  'internal',
  'unexpected_answer',
  'collections_off',
  'right_missing',
  'collection_unknown',
  'collection_untaught',
  'collection_newer',
  'collection_busy',
  'embedding_space_differs',
]);

/**
 * Sends a group. Pictures without an answer, because the batch broke off or had no time left for them, are sent again.
 * If nothing of a group was answered, it is sent in halves, and finally each picture alone, so that it ends.
 *
 * @throws the refusal of the whole request, or the error of a network that does not recover.
 */
export async function answerAll<R>(group: readonly Numbered[], sender: GroupSender<R>): Promise<void> {
  let rest = group;
  while (rest.length > 1) {
    const left = await answerSome(rest, sender);
    if (left.length === rest.length) {
      const half = Math.ceil(left.length / 2);
      await answerAll(left.slice(0, half), sender);
      rest = left.slice(half);
    } else {
      rest = left;
    }
  }
  for (const one of rest) await answerOne(one, sender);
}

/** @returns the pictures without an answer. */
async function answerSome<R>(
  group: readonly Numbered[],
  { send, routes, options, list, call, found }: GroupSender<R>,
): Promise<readonly Numbered[]> {
  const { path, init } = batchRequest(
    routes.many,
    group.map(({ picture }) => picture),
    options,
    list,
  );
  const answered = new Set<Numbered>();

  // An error concerns its picture, unless it is the last line and other lines are missing: then the batch has broken
  // off.
  function take(line: Line<R>): void {
    const one = group[line.index];
    if (one === undefined || answered.has(one)) return;
    if ('error' in line && AGAIN.has(line.error.code)) return;
    answered.add(one);
    found(
      one.index,
      'result' in line ? { ok: true, result: line.result } : { ok: false, problem: line.error },
    );
  }

  try {
    await send(path, init, call, async ({ body }) => {
      let held: Line<R> | undefined;
      let lines = 0;
      if (body !== null) {
        for await (const value of jsonLines(body)) {
          const line = value as Line<R>;
          lines++;
          if (held !== undefined) take(held);
          held = 'error' in line ? line : undefined;
          if (held === undefined) take(line);
        }
      }
      if (held !== undefined && lines === group.length) take(held);
    });
  } catch (error) {
    if (!(error instanceof ProblemError) || OF_THE_CALL.has(error.code)) throw error;
  }
  return group.filter((one) => !answered.has(one));
}

async function answerOne<R>(
  { index, picture }: Numbered,
  { send, routes, options, outcomeOf, call, maxBytes, found }: GroupSender<R>,
): Promise<void> {
  const { path, init } = pictureRequest(routes.one, picture, options, maxBytes);
  try {
    const outcome = await send<Outcome<R>>(path, init, call, async (response) => {
      const answer = await response.json();
      // A type of the service's own answer, like those of its lines.
      return outcomeOf ? outcomeOf(answer) : { ok: true, result: answer as R };
    });
    found(index, outcome);
  } catch (error) {
    if (!(error instanceof ProblemError) || OF_THE_CALL.has(error.code)) throw error;
    if (error.problem === undefined) throw error;
    found(index, { ok: false, problem: error.problem });
  }
}
