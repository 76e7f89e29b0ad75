/**
 * Which addresses are public: those that the IANA special-purpose registries (RFC 6890) do not reserve.
 *
 * Addresses are in the form of the WHATWG URL parser, which has normalised every other spelling: decimal, octal,
 * hexadecimal, shortened, percent-encoded, full-width, with a trailing dot.
 */

/** IPv4 blocks that no public server has. */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8', // this network (RFC 791); 0.0.0.0 is this host
  '10.0.0.0/8', // private (RFC 1918)
  '100.64.0.0/10', // shared by carrier-grade NAT (RFC 6598); 100.100.100.200 is a cloud's metadata
  '127.0.0.0/8', // loopback (RFC 1122)
  '168.63.129.16/32', // Azure's host, of all its machines, in a block that is otherwise public
  '169.254.0.0/16', // link-local (RFC 3927); 169.254.169.254 is most clouds' metadata
  '172.16.0.0/12', // private (RFC 1918)
  '192.0.0.0/24', // protocol assignments (RFC 6890); 192.0.0.192 is a cloud's metadata
  '192.0.2.0/24', // documentation (RFC 5737)
  '192.88.99.0/24', // 6to4 relays, withdrawn (RFC 7526)
  '192.168.0.0/16', // private (RFC 1918)
  '198.18.0.0/15', // benchmarking (RFC 2544)
  '198.51.100.0/24', // documentation (RFC 5737)
  '203.0.113.0/24', // documentation (RFC 5737)
  '224.0.0.0/4', // multicast (RFC 5771)
  '240.0.0.0/4', // reserved (RFC 1112), and broadcast (RFC 919)
].map(ipv4Block);

/**
 * All of IPv6 that is allocated as global unicast (RFC 4291 §2.4). Loopback, link-local, unique-local (RFC 4193),
 * multicast, IPv4-mapped and IPv4-compatible (RFC 4291 §2.5.5) and both NAT64 prefixes (64:ff9b::/96 of RFC 6052,
 * 64:ff9b:1::/48 of RFC 8215) are outside it, so none of them needs a line.
 */
const GLOBAL_IPV6 = ipv6Block([0x2000, 0], 3);

/**
 * Reserved blocks inside it. An embedded IPv4 address is refused with its block, because no pictures are hosted there.
 */
const NOT_PUBLIC_IPV6 = [
  ipv6Block([0x2001, 0], 23), // protocol assignments (RFC 2928): Teredo (RFC 4380), benchmarking, ORCHID
  ipv6Block([0x2001, 0xdb8], 32), // documentation (RFC 3849)
  ipv6Block([0x2002, 0], 16), // 6to4 (RFC 3056)
  ipv6Block([0x3fff, 0], 20), // documentation (RFC 9637)
];

/** A block of addresses by their first 32 bits, which suffice to distinguish all of the above. */
interface Block {
  readonly start: number;
  readonly bits: number;
}

/**
 * @param host from a URL: `192.0.2.1`, or `[2001:db8::1]` in brackets.
 * @returns undefined if it is a name and not an address.
 */
export function isPublicAddress(host: string): boolean | undefined {
  if (host.startsWith('[')) {
    const start = ipv6Start(host.slice(1, -1));
    return isIn(start, GLOBAL_IPV6) && !NOT_PUBLIC_IPV6.some((block) => isIn(start, block));
  }
  if (!/^\d+\.\d+\.\d+\.\d+$/.test(host)) return undefined;
  const address = ipv4(host);
  return !NOT_PUBLIC_IPV4.some((block) => isIn(address, block));
}

function isIn(address: number, { start, bits }: Block): boolean {
  return address >>> (32 - bits) === start >>> (32 - bits);
}

function ipv4Block(text: string): Block {
  const [address = '', bits] = text.split('/');
  return { start: ipv4(address), bits: Number(bits) };
}

function ipv4(text: string): number {
  return text.split('.').reduce((address, byte) => address * 256 + Number(byte), 0);
}

function ipv6Block([first, second]: readonly [number, number], bits: number): Block {
  return { start: first * 0x1_0000 + second, bits };
}

/** The first two of eight groups. `::` stands for zeros, so groups missing before it are zero. */
function ipv6Start(text: string): number {
  const [before = ''] = text.split('::');
  const [first = '', second = ''] = before.split(':');
  return Number(`0x0${first}`) * 0x1_0000 + Number(`0x0${second}`);
}
