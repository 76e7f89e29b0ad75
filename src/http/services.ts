/** What routes and dialects use; created once per isolate by `app.ts`. */
import type { MiddlewareHandler } from 'hono';
import type { SeenCache } from '../cache/seen-cache.ts';
import type { Classifier } from '../classifier.ts';
import type { Collections } from '../collections/collections.ts';
import type { InFlight } from '../input/in-flight.ts';
import type { Settings } from '../settings.ts';
import type { AppEnv } from './env.ts';
import { createGuard } from './guard.ts';
import { createUrlInput } from './url-input.ts';

export interface Services {
  /** For requests that need no guard; a handler that costs CPU uses its own from `c.get('work')`. */
  readonly classifier: Classifier;
  readonly settings: Settings;
  readonly collections: Collections;
  /** Precedes every handler that costs CPU. */
  readonly guard: MiddlewareHandler<AppEnv>;
}

export function createServices(
  settings: Settings,
  classifier: Classifier,
  inFlight: InFlight,
  cache: SeenCache,
  collections: Collections,
): Services {
  const limits = {
    maxImageBytes: settings.MAX_IMAGE_BYTES,
    maxJsonBytes: settings.MAX_JSON_BYTES,
    maxTensorBytes: settings.MAX_TENSOR_BYTES,
    maxBatchItems: settings.MAX_BATCH_ITEMS,
    maxBatchBytes: settings.MAX_BATCH_BYTES,
    timeoutSeconds: settings.BODY_TIMEOUT_SECONDS,
    urlBatchTimeoutSeconds: settings.URL_BATCH_TIMEOUT_SECONDS,
  };
  const fetchImage = createUrlInput(settings);
  const parts = { classifier, cache, limits, fetchImage, maxUnits: settings.MAX_BATCH_UNITS };
  return { classifier, settings, collections, guard: createGuard(settings, parts, inFlight) };
}
