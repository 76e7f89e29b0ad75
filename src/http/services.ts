/** What routes and dialects are built on; made once per isolate by `app.ts`. */
import type { MiddlewareHandler } from 'hono';
import type { Classifier } from '../classifier.ts';
import type { BatchLimits } from '../input/batch.ts';
import type { Settings } from '../settings.ts';
import { requireCaller } from './auth.ts';
import type { AppEnv } from './env.ts';

export interface Services {
  readonly classifier: Classifier;
  readonly limits: HttpLimits;
  readonly settings: Settings;
  /** Goes before every handler that costs CPU. */
  readonly guard: MiddlewareHandler<AppEnv>;
}

export interface HttpLimits extends BatchLimits {
  /** Largest body of numbers, in bytes: tensors as JSON or binary, and arrays of bytes. */
  readonly maxTensorBytes: number;
}

export function createServices(settings: Settings, classifier: Classifier): Services {
  const limits = {
    maxImageBytes: settings.MAX_IMAGE_BYTES,
    maxJsonBytes: settings.MAX_JSON_BYTES,
    maxTensorBytes: settings.MAX_TENSOR_BYTES,
    maxBatchItems: settings.MAX_BATCH_ITEMS,
    maxBatchBytes: settings.MAX_BATCH_BYTES,
    timeoutSeconds: settings.BODY_TIMEOUT_SECONDS,
  };
  return { classifier, limits, settings, guard: requireCaller(settings) };
}
