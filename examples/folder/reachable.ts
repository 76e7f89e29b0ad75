/** Whether the service can be reached. */
import { type ClientOptions, createClient, type Limits, ProblemError } from '../../client/client.ts';

/**
 * Asks for the service's limits. A mistyped address is reported at once, not after the waits of a busy service.
 *
 * @throws a ProblemError where it refuses, and with a text for people where it cannot be reached.
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

/** What fetch throws says nothing but that it failed; its cause says why. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.message === 'fetch failed'
    ? `The service was not reached: ${error.cause.message || error.cause.name}`
    : error.message;
}
