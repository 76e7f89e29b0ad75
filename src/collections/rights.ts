/** Who may make and change collections. */
import { fail, ok, type Result } from '../failure.ts';
import type { Settings } from '../settings.ts';
import { ANONYMOUS } from '../settings-lists.ts';
import { RPC_OWNER } from './names.ts';

/** @param caller the name of a key, `anonymous`, or `RPC_OWNER`: a Worker that may bind this one may teach it. */
export function mayTeach(settings: Settings, caller: string): Result<undefined> {
  const allowed =
    caller === RPC_OWNER ||
    (caller === ANONYMOUS
      ? settings.ALLOW_ANONYMOUS_TEACHING
      : settings.KEY_RIGHTS.some(({ name, right }) => name === caller && right === 'teach'));
  return allowed ? ok(undefined) : fail({ code: 'right_missing', keyNamed: caller !== ANONYMOUS });
}
