/** Reads entropy-coded data (ISO/IEC 10918-1 F.1.2.3), where a 0 follows each byte FF that is not a marker's. */
export interface BitReader {
  /** The next symbol, by a table of `huffmanTable`. */
  symbol(table: Uint16Array): number;
  /** The next `count` bits, 0–16, most significant first. */
  bits(count: number): number;
  /** Drops the rest of the byte, and skips the restart marker that should follow. */
  restart(): void;
  /** Whether bits were read beyond the end; those are zeros. */
  overran(): boolean;
}

/** Longest Huffman code, in bits. */
const MAX_CODE_BITS = 16;

export function bitReader(bytes: Uint8Array, start: number): BitReader {
  let at = start;
  /** The lowest `held` bits of `word` are the next ones: never more than 24. */
  let word = 0;
  let held = 0;
  let missing = 0;

  function fill(): void {
    while (held <= MAX_CODE_BITS) {
      let byte = bytes[at] ?? 0;
      if (at >= bytes.length || (byte === 0xff && bytes[at + 1] !== 0)) {
        byte = 0;
        missing += 8;
      } else {
        at += byte === 0xff ? 2 : 1;
      }
      word = (word << 8) | byte;
      held += 8;
    }
  }

  return {
    symbol(table) {
      fill();
      // The table has an entry for every 16 bits.
      const entry = table[(word >>> (held - MAX_CODE_BITS)) & 0xffff] as number;
      held -= entry >>> 8;
      return entry & 0xff;
    },
    bits(count) {
      fill();
      held -= count;
      return (word >>> held) & ((1 << count) - 1);
    },
    restart() {
      held = 0;
      missing = 0;
      if (bytes[at] === 0xff && ((bytes[at + 1] ?? 0) & 0xf8) === 0xd0) at += 2;
    },
    overran: () => missing > held,
  };
}

/**
 * A Huffman table (C.2) as a look-up by the next 16 bits: length of the code in the high byte, symbol in the low one.
 * Invalid codes, which only damaged files have, become the shortest symbol 0.
 *
 * @param counts number of codes of 1–16 bits.
 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): Uint16Array {
  const table = new Uint16Array(1 << MAX_CODE_BITS).fill(1 << 8);
  let code = 0;
  let next = 0;
  for (const [i, count] of counts.entries()) {
    const length = i + 1;
    const span = 1 << (MAX_CODE_BITS - length);
    for (let n = 0; n < count; n++, code += span) {
      table.fill((length << 8) | (symbols[next++] ?? 0), code, code + span);
    }
  }
  return table;
}
