/** Options of the task that a job performs on each picture. */
import { type CollectionOptions, collectionOptionsSchema } from '../collection-options.ts';
import { ok, type Result } from '../failure.ts';
import { readOptions } from '../given-options.ts';
import {
  type ClassifyOptions,
  classifyOptionsSchema,
  type EmbedOptions,
  embedOptionsSchema,
} from '../options.ts';
import { type IndexOptions, indexOptionsSchema } from './indexing.ts';
import type { Task } from './schemas.ts';

/** The task. */
export interface TaskSpec {
  readonly task: Task;
  /** The options as given. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The collection whose labels `classify` gives, or that `index` fills. */
  readonly collection?: string;
}

export type TaskOptions =
  | { readonly of: 'network'; readonly options: ClassifyOptions }
  | { readonly of: 'collection'; readonly collection: string; readonly options: CollectionOptions }
  | { readonly of: 'embedding'; readonly options: EmbedOptions }
  | { readonly of: 'item'; readonly options: IndexOptions };

/** @returns `option_invalid` with the first invalid option. */
export function readTaskOptions({ task, options, collection }: TaskSpec): Result<TaskOptions> {
  const given = Object.entries(options);
  switch (task) {
    case 'classify': {
      if (collection !== undefined) {
        const read = readOptions(collectionOptionsSchema, given);
        return read.ok ? ok({ of: 'collection', collection, options: read.value }) : read;
      }
      const read = readOptions(classifyOptionsSchema, given);
      return read.ok ? ok({ of: 'network', options: read.value }) : read;
    }
    case 'embed': {
      const read = readOptions(embedOptionsSchema, given);
      return read.ok ? ok({ of: 'embedding', options: read.value }) : read;
    }
    case 'index': {
      const read = readOptions(indexOptionsSchema, given);
      return read.ok ? ok({ of: 'item', options: read.value }) : read;
    }
  }
}
