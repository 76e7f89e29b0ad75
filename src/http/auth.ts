/** Authentication. Without keys and ALLOW_ANONYMOUS every caller is refused. */
import type { Context } from 'hono';
import { fail, ok, type Result } from '../failure.ts';
import type { Settings } from '../settings.ts';
import { ANONYMOUS, type StoredKey } from '../settings-lists.ts';
import { clientNetwork } from './address.ts';
import { type AppEnv, bindingsOf } from './env.ts';

/** The period of the binding KEY_FAILURES in wrangler.toml, which a Worker cannot read. */
export const KEY_FAILURES_SECONDS = 60;

/** @returns the name of the caller's key, or `anonymous`. */
type Authenticate = (c: Context<AppEnv>) => Promise<Result<string>>;

export function createAuthentication({ API_KEYS: keys, ALLOW_ANONYMOUS: anonymous }: Settings): Authenticate {
  return async (c) => {
    const presented = presentedKey(c.req.raw.headers);
    // Clients of other services send a key of theirs, which cannot be checked if this deployment has no keys.
    if (presented === undefined || keys.length === 0) {
      return anonymous ? ok(ANONYMOUS) : fail({ code: 'anonymous_refused', keysConfigured: keys.length > 0 });
    }
    const name = await nameOf(presented, keys);
    if (name !== undefined) return ok(name);
    // A right key is accepted even from an address that sent many wrong ones, so that no caller can lock others out.
    const counted = await bindingsOf(c).KEY_FAILURES?.limit({ key: clientNetwork(c.req.raw.headers) });
    return counted === undefined || counted.success
      ? fail({ code: 'key_wrong' })
      : fail({ code: 'key_throttled', periodSeconds: KEY_FAILURES_SECONDS });
  };
}

/** `x-api-key` takes precedence: some clients always send their own `Authorization`. */
function presentedKey(headers: Headers): string | undefined {
  const [, bearer] = /^bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '') ?? [];
  return headers.get('x-api-key')?.trim() || bearer;
}

/**
 * The name of a key. Its hash is compared with every stored one in constant time, and the loop does not stop early, so
 * the time taken reveals nothing about a key or its position in the list.
 */
async function nameOf(presented: string, keys: readonly StoredKey[]): Promise<string | undefined> {
  const sha256 = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(presented));
  let name: string | undefined;
  for (const key of keys) {
    if (crypto.subtle.timingSafeEqual(sha256, key.sha256)) name = key.name;
  }
  return name;
}
