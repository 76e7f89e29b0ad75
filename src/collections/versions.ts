/** The kept versions of a collection, for HTTP and RPC: list, activate, delete. */
import type { Result } from '../failure.ts';
import type { Changed } from './facts.ts';
import type { HeadVersion } from './head-versions.ts';
import type { Reference } from './names.ts';
import type { AskToChange, Objects } from './objects.ts';

/** All return the kept versions, the newest first. */
export interface Versions {
  /** Their numbers alone, for all who may classify with the collection. */
  keptVersions(reference: Reference, caller: string): Promise<Result<readonly number[]>>;
  /** For the owner only, as are the methods below. */
  versions(reference: Reference, caller: string): Promise<Result<Changed<HeadVersion[]>>>;
  /** @param version undefined for the newest. */
  activate(
    reference: Reference,
    caller: string,
    version: number | undefined,
  ): Promise<Result<Changed<HeadVersion[]>>>;
  /** Deletes a version; if it was the active one, the newest answers. */
  forgetVersion(
    reference: Reference,
    caller: string,
    version: number,
  ): Promise<Result<Changed<HeadVersion[]>>>;
}

export function createVersions(objects: Objects, changed: AskToChange): Versions {
  return {
    keptVersions: (reference, caller) =>
      objects.ofCollection(reference, (object) => object.keptVersions(caller)),
    versions: (reference, caller) => objects.ofCollection(reference, (object) => object.versions(caller)),
    activate: (reference, caller, version) =>
      changed(reference, (object) => object.activate(caller, version)),
    // A second call would find nothing to delete.
    forgetVersion: (reference, caller, version) =>
      changed(reference, (object) => object.forgetVersion(caller, version), false),
  };
}
