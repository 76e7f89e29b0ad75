/** What the parts of a collection over RPC share, and which collections a Worker may change. */
import type { RpcImage, RpcResult } from '../../client/rpc.ts';
import type { Seen } from '../classifier.ts';
import type { Collections } from '../collections/collections.ts';
import { type Reference, RPC_OWNER, referenceOf } from '../collections/names.ts';
import { fail, ok, type Result } from '../failure.ts';
import type { Share } from '../image/ways/allowance.ts';
import type { Settings } from '../settings.ts';
import { answered } from './call.ts';

/** The outputs for a picture, with its file, whose hash is an item's id. */
export interface SeenFile extends Seen {
  readonly bytes: Uint8Array;
}

/** A collection by the name that a Worker has given, and what answers for it. */
export interface Named {
  /** `name`, or `owner/name` for one that a key shares. */
  readonly name: string;
  readonly settings: Settings;
  readonly collections: Collections;
  /** @param share the call's remaining time for pictures; by default, the most that one picture may take. */
  readonly see: (image: RpcImage, share?: Share) => Promise<Result<SeenFile>>;
}

/** A collection of the Workers, or a shared one: the object knows whether it is shared. */
export function usable({ name }: Named): Result<Reference> {
  const reference = referenceOf(name, RPC_OWNER);
  return reference === undefined ? fail({ code: 'collection_unknown' }) : ok(reference);
}

/** For what only its owner may do. */
export function own<T>(
  { name }: Named,
  work: (reference: Reference) => Promise<Result<T>>,
): Promise<RpcResult<T>> {
  return answered(async () => {
    const reference = referenceOf(name, RPC_OWNER);
    return reference?.owner === RPC_OWNER ? work(reference) : fail({ code: 'collection_unknown' });
  });
}
