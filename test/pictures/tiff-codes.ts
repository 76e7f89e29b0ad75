/** Simple encoders for compressions of TIFF (TIFF 6.0 §9, §13; zlib). */

export async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Three or more equal bytes as runs, everything else literally. */
export function packedBits(bytes: Uint8Array): Uint8Array {
  const out: number[] = [];
  let plain: number[] = [];
  const flush = () => {
    if (plain.length > 0) out.push(plain.length - 1, ...plain);
    plain = [];
  };
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    let run = 1;
    while (run < 128 && bytes[at + run] === byte) run += 1;
    if (run >= 3) {
      flush();
      out.push(257 - run, byte);
      at += run;
    } else {
      plain.push(byte);
      at += 1;
      if (plain.length === 128) flush();
    }
  }
  flush();
  return Uint8Array.from(out);
}

const [CLEAR, END, FIRST, LEAST_BITS, MOST_BITS] = [256, 257, 258, 9, 12];

/** @param isOld as programs before 1991 wrote it: the lowest bit first, and longer codes one code later. */
export function lzw(bytes: Uint8Array, isOld = false): Uint8Array {
  const out: number[] = [];
  let hold = 0;
  let held = 0;
  let bits = LEAST_BITS;
  const put = (code: number) => {
    hold = isOld ? hold | (code << held) : (hold << bits) | code;
    held += bits;
    for (; held >= 8; held -= 8) {
      out.push((isOld ? hold : hold >>> (held - 8)) & 255);
      hold = isOld ? hold >>> 8 : hold & ((1 << (held - 8)) - 1);
    }
  };
  let table = new Map<string, number>();
  let text = '';
  const codeOf = (string: string) => (string.length === 1 ? string.charCodeAt(0) : (table.get(string) ?? 0));
  put(CLEAR);
  for (const byte of bytes) {
    const longer = text + String.fromCharCode(byte);
    if (longer.length === 1 || table.has(longer)) {
      text = longer;
      continue;
    }
    put(codeOf(text));
    table.set(longer, FIRST + table.size);
    const next = FIRST + table.size;
    // The decoder's table is one entry behind.
    if (next + (isOld ? -1 : 0) === 1 << bits && bits < MOST_BITS) bits += 1;
    if (next === (1 << MOST_BITS) - 1) {
      put(CLEAR);
      table = new Map();
      bits = LEAST_BITS;
    }
    text = longer.slice(-1);
  }
  if (text !== '') put(codeOf(text));
  if (FIRST + table.size + 1 + (isOld ? -1 : 0) === 1 << bits && bits < MOST_BITS) bits += 1;
  put(END);
  if (held > 0) out.push((isOld ? hold : hold << (8 - held)) & 255);
  return Uint8Array.from(out);
}

/** Each byte with its bits in reverse order. */
export function reversedBits(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) =>
    Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2),
  );
}
