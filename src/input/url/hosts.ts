/**
 * The allow-list: hosts that a picture may be fetched from.
 *
 * `*` stands for any characters, including dots, as in a Content-Security-Policy: `*.example.com` is every name below
 * example.com at any depth but not example.com itself, and `*` alone is every public host. The owner of example.com
 * controls all names below it, so matching one label only, as in a certificate, would protect nothing. The last label
 * must be spelled out: `example.*` would match hosts of any owner.
 *
 * An entry without a port allows 80 and 443; one with a port allows only that port.
 */

export interface HostPattern {
  /** The entry in normalised form: lower case, with names in punycode (RFC 5891). */
  readonly text: string;
  /** Whether it matches a host, in the form of a parsed URL. */
  readonly matches: (hostname: string) => boolean;
  readonly ports: readonly number[];
}

const DEFAULT_PORTS: readonly number[] = [80, 443];

/** @returns undefined if it is not a host, with or without a port. */
export function parseHostPattern(entry: string): HostPattern | undefined {
  const [, host = '', port] = /^(\[[^\]]+\]|[^\s:/?#@\\[\]]+)(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const url = URL.parse(`https://${host}${port === undefined ? '' : `:${port}`}`);
  if (url === null || host === '') return undefined;
  const name = withoutTrailingDot(url.hostname);
  if (!isSpelledOut(name)) return undefined;
  return {
    text: port === undefined ? name : `${name}:${Number(port)}`,
    matches: globMatcher(name),
    ports: port === undefined ? DEFAULT_PORTS : [Number(port)],
  };
}

export function isListed(url: URL, patterns: readonly HostPattern[]): boolean {
  const hostname = withoutTrailingDot(url.hostname);
  const port = portOf(url);
  return patterns.some(({ matches, ports }) => ports.includes(port) && matches(hostname));
}

/** A name with a final dot is the same name in absolute form (RFC 1034 §3.1). */
export function withoutTrailingDot(hostname: string): string {
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}

/** Punycode with a star in it would match unintended names, because the star was encoded with the rest. */
function isSpelledOut(name: string): boolean {
  if (name === '*') return true;
  const labels = name.split('.');
  const last = labels.at(-1) ?? '';
  return !last.includes('*') && !labels.some((label) => label.startsWith('xn--') && label.includes('*'));
}

/** Each part is searched once, from the end of the part before it: a regular expression would backtrack. */
function globMatcher(glob: string): (hostname: string) => boolean {
  const [first = '', ...rest] = glob.split('*');
  const last = rest.pop();
  if (last === undefined) return (hostname) => hostname === glob;
  return (hostname) => {
    if (hostname.length < first.length + last.length) return false;
    if (!hostname.startsWith(first) || !hostname.endsWith(last)) return false;
    const end = hostname.length - last.length;
    let at = first.length;
    for (const part of rest) {
      const found = hostname.indexOf(part, at);
      if (found === -1 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
