/** What collections, items and labels may be called, and whose they are. */
import type { Failure } from '../failure.ts';

/** A part of a path, and of the name of an object. */
export const COLLECTION_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * What protocols put behind a model's name in a path: Open Inference, Triton's extensions of it, TensorFlow Serving. A
 * collection is a model there, `OWNER/NAME` where it is shared, so that one called `ready` would be taken for the
 * question whether OWNER is ready.
 *
 * Other names cannot collide: the network's own, and `NAME_image` for a collection that takes files, have a `_`.
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

/** What the Workers AI dialect has before the name of a collection, and no alias of the network may have. */
export const WORKERS_AI_OWN = '@me/';

/** Why a collection cannot be made under a name; undefined where it can. */
export function nameFault(name: string): Failure | undefined {
  const reason = !COLLECTION_NAME.test(name)
    ? 'must be 1 to 63 characters of a–z, 0–9 and "-", of which the first is no "-"; it is one of your own'
    : RESERVED_NAMES.includes(name)
      ? `must be another: paths of the model protocols have a meaning for ${RESERVED_NAMES.join(', ')}`
      : undefined;
  return reason === undefined ? undefined : { code: 'field_invalid', field: 'name', reason };
}

/** Characters of an item's id: a SHA-256 has 64, and an id stands in paths and in every head. */
export const MAX_ID_LENGTH = 200;

export const MAX_LABEL_LENGTH = 100;

/** Bytes of an item's metadata as JSON. */
export const MAX_METADATA_BYTES = 4096;

/** Whose collections those of Workers are that call over RPC: no key can have this name. */
export const RPC_OWNER = ':rpc';

/** A collection as a caller names it. */
export interface Reference {
  readonly owner: string;
  readonly name: string;
}

/** Neither id nor label has control characters, which would break lines, or half a pair of surrogates. */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

/**
 * @param text `name` for one of the caller's own, `owner/name` for one that is shared.
 * @returns undefined where it can be neither.
 */
export function referenceOf(text: string, caller: string): Reference | undefined {
  const parts = text.split('/');
  const [owner = '', name = ''] = parts.length === 1 ? [caller, ...parts] : parts;
  if (parts.length > 2 || !COLLECTION_NAME.test(name) || !/^[\w.:-]{1,64}$/.test(owner)) return undefined;
  return { owner, name };
}
