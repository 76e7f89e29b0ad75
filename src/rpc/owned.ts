/** What the parts of a collection over RPC are made of, and whose collections a Worker may change. */
import type { RpcImage, RpcResult } from '../../client/rpc.ts';
import type { Seen } from '../classifier.ts';
import type { Collections } from '../collections/collections.ts';
import { type Reference, RPC_OWNER, referenceOf } from '../collections/names.ts';
import { fail, ok, type Result } from '../failure.ts';
import type { Share } from '../image/ways/allowance.ts';
import type { Settings } from '../settings.ts';
import { answered } from './call.ts';

/** The outputs for a picture, with its file: the hash of it is an item's id. */
export interface SeenFile extends Seen {
  readonly bytes: Uint8Array;
}

/** A collection as a Worker has named it, and what answers for it. */
export interface Named {
  /** `name`, or `owner/name` for one that a key shares. */
  readonly name: string;
  readonly settings: Settings;
  readonly collections: Collections;
  /** @param share of the time that a call has for its pictures; all that one may take where there is none. */
  readonly see: (image: RpcImage, share?: Share) => Promise<Result<SeenFile>>;
}

/** One that the Workers have themselves, or one that is shared: whether it is, the object knows. */
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
