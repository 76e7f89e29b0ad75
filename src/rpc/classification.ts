/** Classifies a picture by the labels of a collection, over RPC. */
import type { RpcCollection } from '../../client/rpc.ts';
import { collectionClassification, listedLabels } from '../collection-answer.ts';
import { collectionOptionsSchema } from '../collection-options.ts';
import { RPC_OWNER } from '../collections/names.ts';
import { ok } from '../failure.ts';
import { readOptions } from '../given-options.ts';
import { answered } from './call.ts';
import { type Named, usable } from './owned.ts';

/** A call has no host of its own, and no site can have this one (RFC 6761). */
const ORIGIN = 'https://mobilenet-edge.invalid';

export function classificationMethod(named: Named): RpcCollection['classify'] {
  const { name, collections, see } = named;
  return (image, given) =>
    answered(async () => {
      const options = readOptions(collectionOptionsSchema, Object.entries(given ?? {}));
      if (!options.ok) return options;
      const reference = usable(named);
      if (!reference.ok) return reference;
      const { collection_version: version, labels } = options.value;
      const asked = { reference: reference.value, caller: RPC_OWNER, origin: ORIGIN, version };
      const served = await collections.open(asked);
      if (!served.ok) return served;
      const listed = listedLabels(served.value.head.labels, labels);
      if (!listed.ok) return listed;
      const seen = await see(image);
      if (!seen.ok) return seen;
      const question = { served: served.value, caller: RPC_OWNER, name, options: options.value };
      return ok(collectionClassification(seen.value, { ...question, listed: listed.value }));
    });
}
