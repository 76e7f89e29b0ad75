/**
 * The HTTP door: which route answers what, and what every answer has in common.
 */
import { Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { requestId } from 'hono/request-id';
import type { Classifier } from '../classifier.ts';
import type { Settings } from '../settings.ts';
import { huggingFaceRoute } from './dialects/huggingface.ts';
import { openInferenceRoute } from './dialects/openinference/routes.ts';
import { tfServingRoute } from './dialects/tfserving/routes.ts';
import { workersAiRoute } from './dialects/workersai.ts';
import type { AppEnv } from './env.ts';
import { problemResponse } from './problem.ts';
import { batchRoute } from './routes/batch.ts';
import { factsRoute } from './routes/facts.ts';
import { healthRoute } from './routes/health.ts';
import { picturesRoute } from './routes/pictures.ts';
import { referenceRoute } from './routes/reference.ts';
import { createServices } from './services.ts';

export function createApp(settings: Settings, classifier: Classifier): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.use(requestId());
  app.use(async (c, next) => {
    await next();
    c.header('x-content-type-options', 'nosniff');
  });
  app.use(
    methodNotAllowed({
      app,
      // OPTIONS asks what is possible, which is no mistake (RFC 9110 §9.3.7).
      onMethodNotAllowed: (c, allow) =>
        c.req.method === 'OPTIONS'
          ? c.body(null, 204, { allow: [...allow, 'OPTIONS'].join(', ') })
          : problemResponse(c, { code: 'method_not_allowed', method: c.req.method, allow }),
    }),
  );

  const services = createServices(settings, classifier);
  app.route('/v1', picturesRoute(services));
  app.route('/v1/batch', batchRoute(services));
  app.route('/v1', factsRoute(services));
  app.route('/healthz', healthRoute(services));
  app.route('/', referenceRoute());
  app.route('/hf', huggingFaceRoute(services));
  app.route('/tf/v1', tfServingRoute(services));
  app.route('/client/v4', workersAiRoute(services));
  app.route('/v2', openInferenceRoute(services));

  app.notFound((c) => problemResponse(c, { code: 'route_unknown', path: c.req.path }));
  app.onError((error, c) => {
    console.error(
      JSON.stringify({ request_id: c.get('requestId'), error: error.message, stack: error.stack ?? null }),
    );
    return problemResponse(c, { code: 'internal' });
  });
  return app;
}
