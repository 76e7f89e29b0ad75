/** What becomes of a file. */
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import pRetry from 'p-retry';
// A project of its own installs the package and imports 'mobilenet-edge/client'.
import { type Classification, type Client, type Limits, ProblemError } from '../../client/client.ts';

/** An answer, or why there is none: one that asking again would not change. */
export type Outcome =
  | { readonly file: string; readonly answer: Classification }
  | { readonly file: string; readonly error: { readonly code: string; readonly detail: string } };

/** Nothing was learned of this file, but others may be answered: the next run asks again. */
export class FileFailed extends Error {
  override name = 'FileFailed';
}

/** How often to ask again where the network or the service failed; 429 is the client's own concern. */
const RETRIES = 4;

/**
 * @param place of the file that is called `file` in the outcome.
 * @throws FileFailed when the file cannot be read or the service keeps failing on it; anything else when the next
 *   file would not do better: a ProblemError such as 401, what fetch throws when the service is not reached.
 */
export async function outcomeOf(
  client: Client,
  limits: Limits,
  { file, place, topK }: { readonly file: string; readonly place: string; readonly topK: number },
): Promise<Outcome> {
  const { size } = await stat(place).catch(failed);
  if (size > limits.image.max_bytes) {
    const detail = `The file has ${size} bytes; the service takes ${limits.image.max_bytes}.`;
    return { file, error: { code: 'body_too_large', detail } };
  }
  const picture = await openAsBlob(place).catch(failed);
  try {
    const answer = await pRetry(() => client.classify(picture, { top_k: topK }), {
      retries: RETRIES,
      shouldRetry: ({ error }) => !(error instanceof ProblemError) || error.status >= 500,
    });
    return { file, answer };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error.status >= 500) return failed(error);
    if (!isOfThePicture(error)) throw error;
    return { file, error: { code: error.code, detail: error.detail } };
  }
}

/** 400, 408, 413, 415 and 422 are; another key, address or time would help with the rest. */
function isOfThePicture({ status }: ProblemError): boolean {
  return ![401, 403, 404, 405, 429].includes(status);
}

function failed(cause: Error): never {
  throw new FileFailed(cause.message, { cause });
}
