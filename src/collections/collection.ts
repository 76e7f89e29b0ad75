import { DurableObject } from 'cloudflare:workers';

/** A collection: pictures that were shown, each an embedding with an id, perhaps a label, perhaps metadata. */
export class Collection extends DurableObject<Env> {}
