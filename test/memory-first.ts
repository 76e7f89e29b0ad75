/**
 * The order of the test files. The one that watches resident memory goes first: after other files, V8 collects garbage
 * in waves of 200 MiB, which would hide a leak.
 */
import { BaseSequencer } from 'vitest/node';

const FIRST = 'test/image/traps.test.ts';

export class MemoryFirst extends BaseSequencer {
  override async sort(...files: Parameters<BaseSequencer['sort']>) {
    const isFirst = ({ moduleId }: { readonly moduleId: string }) => moduleId.endsWith(FIRST);
    return (await super.sort(...files)).toSorted(
      (one, other) => Number(isFirst(other)) - Number(isFirst(one)),
    );
  }
}
