/**
 * Makes the output of `wrangler dev` readable: one line for each request, with the facts from the Worker's log.
 *
 *     14:03:27  POST /v1/classify                 200     12 ms  webp, 3 KiB, cached
 */

/** @typedef {{ method: string, route: string, status: number, bytes?: number, pictures?: number, format?: string, cache?: string, code?: string }} Logged */

/** `[wrangler:info] POST /v1/classify 200 OK (12ms)` */
const REQUEST = /^\[wrangler:info\] ([A-Z]+) (\S+) (\d{3}) .*\((\d+)ms\)$/;

/** Printed at every start, and of no use to the user. */
const NOISE =
  /^(\[custom build\]|Your Worker has access|Binding +Resource|env\.\w+ |⎔ Starting|\[wrangler:info\] (✨ Parsed|Ready on)|\s*$)/u;

/** How many log lines are kept until wrangler's line for the same request arrives. */
const MOST = 100;

/** Colour codes that the lines have in a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what they begin with.
const COLOURS = /\u001b\[[\d;]*m/g;

/**
 * @param {() => Date} [now]
 * @returns {(line: string) => string | undefined} maps each line of wrangler's to the line to print, if any
 */
export function requestLines(now = () => new Date()) {
  /** The Worker's lines come before wrangler's. @type {Logged[]} */
  const waiting = [];
  return (line) => {
    const plain = line.replace(COLOURS, '');
    const logged = loggedIn(plain);
    if (logged) {
      waiting.push(logged);
      if (waiting.length > MOST) waiting.shift();
      return undefined;
    }
    const [, method, path, status, ms] = REQUEST.exec(plain) ?? [];
    if (method === undefined || path === undefined) return NOISE.test(plain) ? undefined : line;
    const at = waiting.findIndex(
      (other) => other.method === method && `${other.status}` === status && matches(other.route, path),
    );
    const [found] = at < 0 ? [] : waiting.splice(at, 1);
    const time = now().toTimeString().slice(0, 8);
    const request = `${method} ${path}`.padEnd(40);
    return `${time}  ${request} ${status} ${`${ms}`.padStart(6)} ms  ${found ? facts(found) : ''}`.trimEnd();
  };
}

/**
 * @param {string} line
 * @returns {Logged | undefined}
 */
function loggedIn(line) {
  if (!line.startsWith('{"request_id":')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * @param {string} route a pattern such as `/v2/models/:name`, or `none`
 * @param {string} path with a query
 */
function matches(route, path) {
  const parts = route.split('/');
  const asked = (path.split('?')[0] ?? '').replace(/(.)\/$/, '$1').split('/');
  return (
    route === 'none' ||
    (parts.length === asked.length &&
      parts.every((part, at) => part.startsWith(':') || part === asked[at])) ||
    // Several kinds of patterns: the first part is specific enough.
    (/[{*]/.test(route) && parts[1] === asked[1])
  );
}

/** @param {Logged} logged */
function facts({ code, format, bytes = 0, pictures = 0, cache }) {
  return [
    code,
    pictures > 1 ? `${pictures} pictures` : format,
    bytes > 0 && `${Math.ceil(bytes / 1024)} KiB`,
    cache === 'hit' && 'cached',
  ]
    .filter(Boolean)
    .join(', ');
}
