/**
 * The Worker's doors. Everything is made once per isolate, by the first request.
 */
import { createClassifier } from './classifier.ts';
import { createApp } from './http/app.ts';
import { createPhotonDecoder } from './image/photon.ts';
import { createNetwork } from './inference/network.ts';
import { readSettings } from './settings.ts';

let app: ReturnType<typeof createApp> | undefined;

export default {
  fetch(request, env, context) {
    app ??= createApp(readSettings(env), createClassifier(createPhotonDecoder(), createNetwork()));
    return app.fetch(request, env, context);
  },
} satisfies ExportedHandler<Env>;
