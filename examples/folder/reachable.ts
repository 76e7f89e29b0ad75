/** Whether the service can be reached. */
import { type ClientOptions, createClient, type Limits, ProblemError } from '../../client/client.ts';

/**
 * Requests the service's limits, so that a mistyped address is reported at once and not after several retries.
 *
 * @throws a ProblemError if it refuses, and an error with a text for people if it cannot be reached.
 */
export async function limitsOf(service: ClientOptions): Promise<Limits> {
  try {
    return await createClient({ ...service, retries: 1 }).limits();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const why = `${service.url} does not answer (${reason(error)}). Is it running? npm start runs it here.`;
    throw new Error(why, { cause: error });
  }
}

/** The error that fetch throws says only that it failed; its cause says why. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.message === 'fetch failed'
    ? `The service was not reached: ${error.cause.message || error.cause.name}`
    : error.message;
}
