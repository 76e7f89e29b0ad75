/**
 * A value that is created once, by the first caller.
 *
 * Concurrent first calls share one promise. A failure rejects it for all of them and is forgotten, so that the next
 * call tries again.
 */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return () => {
    pending ??= make().catch((error: unknown) => {
      pending = undefined;
      throw error;
    });
    return pending;
  };
}
