/** The versions of a collection that are kept, for HTTP and RPC: listed, gone back to, forgotten. */
import type { Result } from '../failure.ts';
import type { Changed } from './facts.ts';
import type { HeadVersion } from './head-versions.ts';
import type { Reference } from './names.ts';
import type { AskToChange, Objects } from './objects.ts';

/** All answer with what is kept, the newest first; only the owner may ask. */
export interface Versions {
  versions(reference: Reference, caller: string): Promise<Result<Changed<HeadVersion[]>>>;
  /** @param version undefined for the newest, whatever it is. */
  activate(
    reference: Reference,
    caller: string,
    version: number | undefined,
  ): Promise<Result<Changed<HeadVersion[]>>>;
  /** Forgets a version; where it was the active one, the newest answers. */
  forgetVersion(
    reference: Reference,
    caller: string,
    version: number,
  ): Promise<Result<Changed<HeadVersion[]>>>;
}

export function createVersions(objects: Objects, changed: AskToChange): Versions {
  return {
    versions: (reference, caller) => objects.ofCollection(reference, (object) => object.versions(caller)),
    activate: (reference, caller, version) =>
      changed(reference, (object) => object.activate(caller, version)),
    // Done twice, the second time would find nothing to forget.
    forgetVersion: (reference, caller, version) =>
      changed(reference, (object) => object.forgetVersion(caller, version), false),
  };
}
