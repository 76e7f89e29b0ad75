/** The outcome for a file, as it is written. */
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

/** An answer, or the reason why there is none, which a repeated request would not change. */
export type Outcome =
  | { readonly file: string; readonly answer: Answer }
  | { readonly file: string; readonly error: { readonly code: string; readonly detail: string } };

/** Temporary problems: the next run tries again. */
export function isOfTheMoment({ status }: Pick<Problem, 'status'>): boolean {
  return status >= 500 || status === 429 || status === 408;
}
