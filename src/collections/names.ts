/** Valid names of collections, items and labels, and their owners. */
import type { Failure } from '../failure.ts';

/** Used in a path, and in the name of an object. */
export const COLLECTION_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Names that protocols put after a model's name in a path: Open Inference, Triton's extensions of it, TensorFlow
 * Serving. A collection is a model there, `OWNER/NAME` if it is shared, so that one called `ready` would be taken for
 * the question whether OWNER is ready.
 *
 * Other names cannot collide: the network's models, and `NAME_image` for a collection on image files, contain a `_`.
 */
export const RESERVED_NAMES: readonly string[] = [
  'config',
  'infer',
  'labels',
  'load',
  'metadata',
  'ready',
  'stats',
  'trace',
  'unload',
  'versions',
];

/** Prefix of a collection's name in the Workers AI dialect, which no alias of the network may have. */
export const WORKERS_AI_OWN = '@me/';

/** Why a collection cannot be made under a name; undefined if it can. */
export function nameFault(name: string): Failure | undefined {
  const reason = !COLLECTION_NAME.test(name)
    ? 'must be 1 to 63 characters of a–z, 0–9 and "-", of which the first is no "-"; it is one of your own'
    : RESERVED_NAMES.includes(name)
      ? `must be another: paths of the model protocols have a meaning for ${RESERVED_NAMES.join(', ')}`
      : undefined;
  return reason === undefined ? undefined : { code: 'field_invalid', field: 'name', reason };
}

/** Characters of an item's id: a SHA-256 has 64, and ids are part of paths and of every head. */
export const MAX_ID_LENGTH = 200;

export const MAX_LABEL_LENGTH = 100;

/** Bytes of an item's metadata as JSON. */
export const MAX_METADATA_BYTES = 4096;

/** Owner of the collections of Workers that call over RPC: no key can have this name. */
export const RPC_OWNER = ':rpc';

/** A collection by the name that a caller gives. */
export interface Reference {
  readonly owner: string;
  readonly name: string;
}

/** Neither id nor label may have control characters, which would break lines, or unpaired surrogates. */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

/**
 * @param text `name` for one of the caller's own, `owner/name` for one that is shared.
 * @returns undefined if it is neither.
 */
export function referenceOf(text: string, caller: string): Reference | undefined {
  const parts = text.split('/');
  const [owner = '', name = ''] = parts.length === 1 ? [caller, ...parts] : parts;
  if (parts.length > 2 || !COLLECTION_NAME.test(name) || !/^[\w.:-]{1,64}$/.test(owner)) return undefined;
  return { owner, name };
}
