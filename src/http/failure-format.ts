/** How a dialect formats a failure. */
import type { Failure } from '../failure.ts';

export interface FailureFormat {
  readonly contentType: string;
  readonly body: (failure: Failure, requestId: string) => object;
}
