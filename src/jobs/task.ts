/** What a job makes of each picture. */
import { classification, embeddingAnswer } from '../answer.ts';
import type { Seen } from '../classifier.ts';
import { ok, type Result } from '../failure.ts';
import { readOptions } from '../given-options.ts';
import { classifyOptionsSchema, embedOptionsSchema } from '../options.ts';
import { type Indexed, indexed, indexOptionsSchema } from './indexing.ts';
import type { Task } from './schemas.ts';

/** An answer, or an item that a collection is yet to keep. */
export type Made = { readonly result: object } | { readonly item: Indexed };

/** @param bytes of the file. */
export type Make = (key: string, seen: Seen, bytes: Uint8Array) => Promise<Made>;

/** @returns what does the task with its options, or `option_invalid`. */
export function makerOf(task: Task, options: Readonly<Record<string, unknown>>): Result<Make> {
  const given = Object.entries(options);
  switch (task) {
    case 'classify': {
      const read = readOptions(classifyOptionsSchema, given);
      return read.ok ? ok(async (_key, seen) => ({ result: classification(seen, read.value) })) : read;
    }
    case 'embed': {
      const read = readOptions(embedOptionsSchema, given);
      return read.ok ? ok(async (_key, seen) => ({ result: embeddingAnswer(seen, read.value) })) : read;
    }
    case 'index': {
      const read = readOptions(indexOptionsSchema, given);
      if (!read.ok) return read;
      return ok(async (key, seen, bytes) => ({ item: await indexed(key, seen, bytes, read.value) }));
    }
  }
}
