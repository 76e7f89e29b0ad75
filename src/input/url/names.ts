/**
 * Which names are public, judged by their text. What a name resolves to is not known here: see `fetch.ts`.
 */

/** Suffixes that mean this machine or this network, wherever they are resolved. */
const LOCAL_SUFFIXES: ReadonlySet<string> = new Set([
  'localhost', // RFC 6761 §6.3
  'local', // multicast DNS (RFC 6762); also Kubernetes' cluster.local
  'internal', // set aside for private use by ICANN; also metadata.google.internal
  'home.arpa', // RFC 8375
  // What private networks nevertheless use (RFC 6762, appendix G), and some systems' own.
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'localdomain',
  'svc',
  'metadata.goog',
]);

/** @param name from a URL: lower case, in punycode, here without a trailing dot. */
export function isPublicName(name: string): boolean {
  const labels = name.split('.');
  // A single label is resolved in the network's own domain. An empty one is not a name (RFC 1034 §3.1).
  if (labels.length < 2 || labels.includes('')) return false;
  return !labels.some((_, at) => LOCAL_SUFFIXES.has(labels.slice(at).join('.')));
}
