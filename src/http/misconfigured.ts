/** The HTTP entry point while a setting is invalid. */
import type { Hono } from 'hono';
import type { SettingsError } from '../settings.ts';
import type { AppEnv } from './env.ts';
import { createBareApp } from './every-answer.ts';
import { problemResponse } from './problem.ts';

/** An app without routes. Only the log names the invalid setting, because it concerns the operator alone. */
export function createMisconfiguredApp(error: SettingsError): Hono<AppEnv> {
  return createBareApp().all('*', (c) => {
    console.error(JSON.stringify({ request_id: c.get('requestId'), error: error.message }));
    return problemResponse(c, { code: 'internal' });
  });
}
