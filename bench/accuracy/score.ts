import type { Photo } from './photos.ts';
import type { Answer } from './worker.ts';

export interface Score {
  readonly count: number;
  readonly errors: number;
  /** Photos whose class came first, and photos whose class was among the first five. */
  readonly top1: number;
  readonly top5: number;
}

export function score(photos: readonly Photo[], answers: readonly Answer[]): Score {
  const ranks = photos.map(({ synset }, i) => synsetsOf(answers[i]).indexOf(synset));
  return {
    count: photos.length,
    errors: answers.filter((answer) => 'error' in answer).length,
    top1: ranks.filter((rank) => rank === 0).length,
    top5: ranks.filter((rank) => rank >= 0).length,
  };
}

export interface Pairing {
  /** Photos with the same first class in both, right or wrong. */
  readonly sameTop1: number;
  readonly onlyWorkerRight: number;
  readonly onlyReferenceRight: number;
}

export function pair(
  photos: readonly Photo[],
  worker: readonly Answer[],
  reference: readonly Answer[],
): Pairing {
  let [sameTop1, onlyWorkerRight, onlyReferenceRight] = [0, 0, 0];
  for (const [i, { synset }] of photos.entries()) {
    const mine = synsetsOf(worker[i])[0];
    const theirs = synsetsOf(reference[i])[0];
    if (mine !== undefined && mine === theirs) sameTop1++;
    else if (mine === synset) onlyWorkerRight++;
    else if (theirs === synset) onlyReferenceRight++;
  }
  return { sameTop1, onlyWorkerRight, onlyReferenceRight };
}

/** The Worker may lose one photo in 100 against the reference: another decoder and resampler cost about that much. */
const MAX_LOST = 0.01;
/** Except for near ties both see the same; a wrong crop, channel order or scale costs far more than this. */
const MIN_SAME = 0.98;

/** What is wrong with the pair, as messages; empty if nothing is. */
export function objections(worker: Score, reference: Score, { sameTop1 }: Pairing): string[] {
  const objections = [];
  if (reference.top1 - worker.top1 > MAX_LOST * worker.count) {
    objections.push(`The Worker has ${reference.top1 - worker.top1} photos fewer right than the reference.`);
  }
  if (sameTop1 < MIN_SAME * worker.count) {
    objections.push(
      `Only ${sameTop1} of ${worker.count} photos have the same first class, fewer than ${100 * MIN_SAME} %.`,
    );
  }
  return objections;
}

function synsetsOf(answer: Answer | undefined): readonly string[] {
  return answer && 'synsets' in answer ? answer.synsets : [];
}
