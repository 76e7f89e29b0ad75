/** Whether the service is there, which is told at once. */
import { type ClientOptions, createClient, type Limits, ProblemError } from '../../client/client.ts';

/**
 * Asks for the service's limits. Whoever has mistyped the address should not wait for as long as a busy service wants to
 * be waited for.
 *
 * @throws a ProblemError where it refuses, and with a text for people where it is not there.
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
