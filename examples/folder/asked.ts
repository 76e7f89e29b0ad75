/** Classifies files by the hundred, in batches. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Classification, ImageFacts } from '../../client/answers.ts';
import {
  type BatchItem,
  type Client,
  type CollectionClassification,
  ProblemError,
  type Vector,
} from '../../client/client.ts';
import { isOfTheMoment, type Outcome } from './outcome.ts';
import { type Shrunk, shrunk } from './shrink.ts';

export interface Asked {
  readonly folder: string;
  readonly files: readonly string[];
  readonly topK: number;
  readonly collection: string | undefined;
  readonly embed: boolean;
  readonly shrink: boolean;
}

/** The outcome for a file: after `failed` nothing is known about it, and the next run tries again. */
export type Answered = { readonly outcome: Outcome } | { readonly file: string; readonly failed: string };

/** How often to retry after the network or the service has failed; the wait doubles each time. */
const TRIES = 5;
const WAIT_MILLISECONDS = 1000;

type Result = Vector | Classification | CollectionClassification;

/**
 * Sends every file once, in order.
 *
 * @throws if the next file would fail too: a ProblemError such as 401, or what fetch throws if the service is out of
 *   reach for a while.
 */
export async function* answersTo(client: Client, asked: Asked): AsyncGenerator<Answered, void, void> {
  const { files } = asked;
  let done = 0;
  for (let failures = 0; done < files.length; ) {
    const begin = done;
    try {
      for await (const { place, answered } of once(client, { ...asked, files: files.slice(begin) })) {
        yield answered;
        done = begin + place + 1;
      }
      return;
    } catch (error) {
      if (error instanceof ProblemError && !isOfTheMoment(error)) throw error;
      failures = done > begin ? 1 : failures + 1;
      if (failures > TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MILLISECONDS * 2 ** failures));
    }
  }
}

interface Placed {
  /** Index among the files. */
  readonly place: number;
  readonly answered: Answered;
}

async function* once(client: Client, asked: Asked): AsyncGenerator<Placed, void, void> {
  const { folder, files, shrink } = asked;
  /** Files that were sent, in order, and their sizes before shrinking. */
  const sent: { readonly place: number; readonly file: string; readonly was: Shrunk['was'] }[] = [];
  const unread: Placed[] = [];

  async function* pictures(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    for (const [place, file] of files.entries()) {
      try {
        const bytes = Uint8Array.from(await readFile(path.join(folder, file)));
        const picture = shrink ? await shrunk(bytes) : { bytes };
        sent.push({ place, file, was: picture.was });
        yield picture.bytes;
      } catch (error) {
        unread.push({
          place,
          answered: { file, failed: error instanceof Error ? error.message : String(error) },
        });
      }
    }
  }

  for await (const item of itemsOf(client, asked, pictures())) {
    const of = sent[item.index];
    if (of === undefined) throw new Error('The service has answered for more pictures than were sent.');
    for (let next = unread[0]; next !== undefined && next.place < of.place; next = unread[0]) {
      unread.shift();
      yield next;
    }
    const { place, file, was } = of;
    if (item.ok) yield { place, answered: { outcome: outcomeOf(file, was, item.result) } };
    else if (isOfTheMoment(item.problem)) yield { place, answered: { file, failed: item.problem.detail } };
    else {
      const { code, detail } = item.problem;
      yield { place, answered: { outcome: { file, error: { code, detail } } } };
    }
  }
  yield* unread;
}

function itemsOf(
  client: Client,
  { topK, collection, embed }: Asked,
  pictures: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncIterable<BatchItem<Result>> {
  if (embed) return client.embedBatch(pictures);
  const options = { top_k: topK };
  return collection === undefined
    ? client.batch(pictures, options)
    : client.collection(collection).batch(pictures, options);
}

function outcomeOf(file: string, was: Shrunk['was'], result: Result): Outcome {
  // The size is the original file's, not that of what was sent.
  const image: ImageFacts = { ...result.image, ...was };
  if (!('embedding' in result)) return { file, answer: { ...result, image } };
  const { embedding, model } = result;
  return { file, answer: { embedding: base64Of(embedding), image, model } };
}

function base64Of(vector: Float32Array): string {
  const view = new DataView(new ArrayBuffer(vector.byteLength));
  for (const [i, value] of vector.entries()) view.setFloat32(4 * i, value, true);
  return Buffer.from(view.buffer).toString('base64');
}
