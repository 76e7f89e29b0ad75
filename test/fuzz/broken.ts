/** Files with one known defect each, and the expected answer. */

import type { Answer } from './ask.ts';
import { bombs, dangling, noPictures } from './broken-contents.ts';
import { wrongSizes } from './broken-sizes.ts';
import type { Seed } from './seeds.ts';

/** The code of the refusal; or `answered` if there must be an answer, whatever it says. */
export type Expected =
  | 'answered'
  | 'image_format_unsupported'
  | 'image_kind_unsupported'
  | 'image_unreadable'
  | 'image_side_too_long'
  | 'image_area_too_large';

export interface Broken {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly expected: Expected;
  readonly contentType?: string;
  /** The label that must be answered if the picture itself is intact. */
  readonly label?: string;
}

/** @returns undefined if the answer is the expected one. */
export function disappointment({ expected, label }: Broken, answer: Answer): string | undefined {
  const got = answer.status === 200 ? 'answered' : answer.code;
  if (got !== expected) return `expected ${expected}, not ${answer.status} ${got} ${answer.detail}`;
  return label === undefined || label === answer.label ? undefined : `expected ${label}, not ${answer.label}`;
}

/** The seeds by name. */
export interface Files {
  file(name: string): Uint8Array;
  /** The expectation if nothing of the seed's picture is lost. */
  whole(name: string): Pick<Broken, 'expected' | 'label'>;
}

export async function brokenFiles(seeds: readonly Seed[]): Promise<readonly Broken[]> {
  const seed = (name: string) => {
    const found = seeds.find((candidate) => candidate.name === name);
    if (found === undefined) throw new Error(`there is no seed ${name}`);
    return found;
  };
  const files: Files = {
    file: (name) => seed(name).bytes,
    whole: (name) => ({ expected: 'answered', label: seed(name).label }),
  };
  const [sizes, pointers] = [await wrongSizes(files), await dangling(files)];
  return [...noPictures(files), ...sizes, ...bombs(files), ...pointers];
}
