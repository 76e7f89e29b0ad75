/** How a dialect writes a failure down. */
import type { Failure } from '../failure.ts';

export interface FailureFormat {
  readonly contentType: string;
  readonly body: (failure: Failure, requestId: string) => object;
}
