/** The outcome for a file, and what is written about it. */
import type { Classification, ImageFacts, ModelFacts } from '../../client/answers.ts';
// A project of its own installs the package and imports 'mobilenet-edge/client'.
import type { CollectionClassification, Problem } from '../../client/client.ts';

/** A feature vector, as it is written. */
export interface EmbeddingLine {
  /** 1024 little-endian float32 in base64. */
  readonly embedding: string;
  readonly image: ImageFacts;
  readonly model: ModelFacts;
}

export type Answer = Classification | CollectionClassification | EmbeddingLine;

/** An answer, or why there is none: one that asking again would not change. */
export type Outcome =
  | { readonly file: string; readonly answer: Answer }
  | { readonly file: string; readonly error: { readonly code: string; readonly detail: string } };

/** Problems of the moment: the next run asks again. */
export function isOfTheMoment({ status }: Pick<Problem, 'status'>): boolean {
  return status >= 500 || status === 429 || status === 408;
}
