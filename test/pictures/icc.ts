/**
 * Writes ICC profiles with three primaries and one curve (ICC.1:2001-04, version 2).
 */

export interface Primaries {
  readonly name: string;
  /** XYZ of red, green and blue, adapted to D50. */
  readonly columns: readonly (readonly [x: number, y: number, z: number])[];
  readonly gamma: number;
}

/** Adobe RGB (1998) Color Image Encoding, §4.3.6.1 and §4.3.4.2. */
export const ADOBE_RGB: Primaries = {
  name: 'Adobe RGB (1998), measured',
  columns: [
    [0.60974, 0.31111, 0.01947],
    [0.20528, 0.62567, 0.06087],
    [0.14919, 0.06322, 0.74457],
  ],
  gamma: 563 / 256,
};

/** White of the profile connection space. */
const D50 = [0.9642, 1, 0.8249] as const;
const HEADER_BYTES = 128;
const TAG_BYTES = 12;

export function matrixProfile({ name, columns, gamma }: Primaries): Uint8Array {
  const curve = Buffer.concat([tagged('curv'), u32(1), u16(Math.round(gamma * 256)), u16(0)]);
  const [red, green, blue] = columns.map(xyz);
  const tags: readonly (readonly [signature: string, data: Buffer])[] = [
    ['desc', description(name)],
    ['cprt', padded(Buffer.concat([tagged('text'), Buffer.from('No copyright\0', 'latin1')]))],
    ['wtpt', xyz(D50)],
    ['rXYZ', red ?? Buffer.alloc(0)],
    ['gXYZ', green ?? Buffer.alloc(0)],
    ['bXYZ', blue ?? Buffer.alloc(0)],
    ...(['rTRC', 'gTRC', 'bTRC'] as const).map((signature) => [signature, curve] as const),
  ];
  let at = HEADER_BYTES + 4 + tags.length * TAG_BYTES;
  const table = tags.map(([signature, data]) => {
    at += data.length;
    return Buffer.concat([letters(signature), u32(at - data.length), u32(data.length)]);
  });
  return Buffer.concat([header(at), u32(tags.length), ...table, ...tags.map(([, data]) => data)]);
}

/** §6.1: size, no preferred module, version 2.1, a display's profile from RGB to XYZ; then the D50 illuminant. */
function header(bytes: number): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt32BE(bytes, 0);
  head.writeUInt32BE(0x02100000, 8);
  head.write('mntrRGB XYZ ', 12, 'latin1');
  head.write('acsp', 36, 'latin1');
  for (const [i, value] of D50.entries()) head.writeInt32BE(fixed(value), 68 + 4 * i);
  return head;
}

/** §6.5.17; without the Unicode and Macintosh names. */
function description(name: string): Buffer {
  const ascii = Buffer.from(`${name}\0`, 'latin1');
  return padded(Buffer.concat([tagged('desc'), u32(ascii.length), ascii, Buffer.alloc(4 + 4 + 2 + 1 + 67)]));
}

function xyz(values: readonly number[]): Buffer {
  const numbers = Buffer.alloc(12);
  for (const [i, value] of values.entries()) numbers.writeInt32BE(fixed(value), 4 * i);
  return Buffer.concat([tagged('XYZ '), numbers]);
}

/** s15Fixed16Number. */
function fixed(value: number): number {
  return Math.round(value * 65_536);
}

function tagged(type: string): Buffer {
  return Buffer.concat([letters(type), u32(0)]);
}

function letters(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function padded(data: Buffer): Buffer {
  return Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
