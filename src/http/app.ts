/**
 * The HTTP entry point: the routes, and what all answers have in common.
 */
import type { Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { createSeenCache, type SeenCache } from '../cache/seen-cache.ts';
import type { Classifier } from '../classifier.ts';
import { type Collections, collectionsOf } from '../collections/collections.ts';
import { createInFlight, type InFlight } from '../input/in-flight.ts';
import type { Settings } from '../settings.ts';
import { crossOrigin } from './cross-origin.ts';
import { huggingFaceRoute } from './dialects/huggingface.ts';
import { openInferenceRoute } from './dialects/openinference/routes.ts';
import { tfServingRoute } from './dialects/tfserving/routes.ts';
import { workersAiRoute } from './dialects/workersai.ts';
import type { AppEnv } from './env.ts';
import { createBareApp } from './every-answer.ts';
import { problemResponse } from './problem.ts';
import { batchRoute } from './routes/batch.ts';
import { collectionsRoute } from './routes/collections.ts';
import { duplicatesRoute } from './routes/duplicates.ts';
import { factsRoute } from './routes/facts.ts';
import { healthRoute } from './routes/health.ts';
import { itemsRoute } from './routes/items.ts';
import { jobsRoute } from './routes/jobs.ts';
import { picturesRoute } from './routes/pictures.ts';
import { referenceRoute } from './routes/reference.ts';
import { searchRoute } from './routes/search.ts';
import { transferRoute } from './routes/transfer.ts';
import { versionsRoute } from './routes/versions.ts';
import { createServices } from './services.ts';
import { CallerGone } from './work.ts';

/**
 * @param inFlight shared with the RPC entry point, except in a test.
 * @param cache by the settings, except in a test of its faults.
 * @param collections undefined without a namespace of objects.
 */
export function createApp(
  settings: Settings,
  classifier: Classifier,
  inFlight: InFlight = inFlightOf(settings),
  cache: SeenCache = createSeenCache(settings.CACHE_SECONDS),
  collections: Collections = collectionsOf(settings),
): Hono<AppEnv> {
  const app = createBareApp();

  if (settings.CORS_ORIGINS.length > 0) app.use(crossOrigin(settings.CORS_ORIGINS));
  app.use(
    methodNotAllowed({
      app,
      // OPTIONS asks which methods are allowed, which is not an error (RFC 9110 §9.3.7).
      onMethodNotAllowed: (c, allow) =>
        c.req.method === 'OPTIONS'
          ? c.body(null, 204, { allow: [...allow, 'OPTIONS'].join(', ') })
          : problemResponse(c, { code: 'method_not_allowed', method: c.req.method, allow }),
    }),
  );

  const services = createServices(settings, classifier, inFlight, cache, collections);
  app.route('/v1', picturesRoute(services));
  app.route('/v1', batchRoute(services));
  app.route('/v1/collections', collectionsRoute(services));
  app.route('/v1/collections', itemsRoute(services));
  app.route('/v1/collections', searchRoute(services));
  app.route('/v1/collections', duplicatesRoute(services));
  app.route('/v1/collections', transferRoute(services));
  app.route('/v1/collections', versionsRoute(services));
  app.route('/v1', factsRoute(services));
  app.route('/v1/jobs', jobsRoute(services));
  app.route('/healthz', healthRoute(services));
  app.route('/', referenceRoute());
  app.route('/hf', huggingFaceRoute(services));
  app.route('/tf/v1', tfServingRoute(services));
  app.route('/client/v4', workersAiRoute(services));
  app.route('/v2', openInferenceRoute(services));

  app.notFound((c) => problemResponse(c, { code: 'route_unknown', path: c.req.path }));
  app.onError((error, c) => {
    if (error instanceof CallerGone) return problemResponse(c, { code: 'caller_gone' });
    console.error(
      JSON.stringify({ request_id: c.get('requestId'), error: error.message, stack: error.stack ?? null }),
    );
    return problemResponse(c, { code: 'internal' });
  });
  return app;
}

export function inFlightOf(settings: Settings): InFlight {
  // A body may take long to arrive; afterwards only work remains, which takes seconds.
  const staleMilliseconds = 2 * settings.BODY_TIMEOUT_SECONDS * 1000;
  return createInFlight(settings.MAX_INFLIGHT_BYTES, staleMilliseconds, settings.MAX_OPEN_REQUESTS);
}
