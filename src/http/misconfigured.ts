/** What the HTTP door answers while a setting is wrong. */
import type { Hono } from 'hono';
import type { SettingsError } from '../settings.ts';
import type { AppEnv } from './env.ts';
import { createBareApp } from './every-answer.ts';
import { problemResponse } from './problem.ts';

/** An app without routes: which setting is wrong is for whoever deployed it, and goes to the log alone. */
export function createMisconfiguredApp(error: SettingsError): Hono<AppEnv> {
  return createBareApp().all('*', (c) => {
    console.error(JSON.stringify({ request_id: c.get('requestId'), error: error.message }));
    return problemResponse(c, { code: 'internal' });
  });
}
