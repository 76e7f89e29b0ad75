/**
 * Puts the caller's address into the header in which Cloudflare states it and the Worker reads it.
 *
 * workerd reports the address of the other end of the connection. Behind a proxy that is the proxy, for every caller;
 * so the operator names the header that the proxy sets. What a caller writes there is ignored: the last address is the
 * one that the proxy itself has seen (RFC 7239 §5.2 has them in that order, and so does `x-forwarded-for`).
 */

/** The header that the Worker reads. */
const ADDRESS = 'cf-connecting-ip';

/** @param addressHeader of the proxy in front; undefined if there is none. */
export function withCallersAddress(request: Request, addressHeader: string | undefined): Request {
  const headers = new Headers(request.headers);
  const address =
    addressHeader === undefined ? peerOf(request) : headers.get(addressHeader)?.split(',').at(-1);
  const host = hostOf(address?.trim() ?? '');
  if (host === '') headers.delete(ADDRESS);
  else headers.set(ADDRESS, host);
  return new Request(request, { headers });
}

/** `192.0.2.1:53394`, as workerd states it in `request.cf`. */
function peerOf({ cf }: Request): string | undefined {
  const peer: unknown = cf && 'clientIp' in cf ? cf.clientIp : undefined;
  return typeof peer === 'string' ? peer : undefined;
}

/** Without the port, and an IPv6 address without its brackets. */
function hostOf(address: string): string {
  const [, bracketed] = /^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(address) ?? [];
  return bracketed ?? address.replace(/^([\d.]+):\d+$/, '$1');
}
