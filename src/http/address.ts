/** The caller's address, by which limits are counted. */

/**
 * The caller's address, or its network: a host with an IPv6 address usually has all 2⁶⁴ addresses of its /64.
 *
 * Cloudflare sets `cf-connecting-ip` and lets no caller set it. Without it, as for requests from another Worker by
 * service binding, all callers count as one.
 */
export function clientNetwork(headers: Headers): string {
  const address = headers.get('cf-connecting-ip') ?? '';
  if (address === '') return 'unknown';
  return address.includes(':') ? network64(address) : address;
}

function network64(address: string): string {
  // An IPv4-mapped IPv6 address: its /64 would be shared by all of IPv4.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = '', tail] = address.split('::');
  const left = groups(head);
  const right = groups(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const all = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${all.slice(0, 4).map(shortest).join(':')}::/64`;
}

function groups(text: string): string[] {
  return text === '' ? [] : text.toLowerCase().split(':');
}

function shortest(group: string): string {
  return group.replace(/^0+(?=.)/, '');
}
