/** Encoders of the fax compressions (ITU-T T.4, T.6; TIFF 6.0 §10, §11), for rows of booleans, where true is black. */
import { BLACK_RUNS, RUN_CODE_BITS, WHITE_RUNS } from '../../src/image/tiff/fax-codes.ts';

export type Fax = 'rle' | 'g3' | 'g3-2d' | 'g4';

const EOL = '000000000001';

export function fax(rows: readonly (readonly boolean[])[], kind: Fax): Uint8Array {
  let bits = '';
  let above: readonly boolean[] = (rows[0] ?? []).map(() => false);
  for (const [y, row] of rows.entries()) {
    if (kind === 'rle') bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
    // Every fourth row by its runs, as machines do that expect transmission errors.
    const byRuns = kind === 'rle' || kind === 'g3' || (kind === 'g3-2d' && y % 4 === 0);
    if (kind === 'g3') bits += EOL;
    if (kind === 'g3-2d') bits += EOL + (byRuns ? '1' : '0');
    bits += byRuns ? runs(row) : changes(row, above);
    above = row;
  }
  if (kind === 'g4') bits += EOL + EOL;
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    Number.parseInt(bits.slice(8 * i, 8 * i + 8).padEnd(8, '0'), 2),
  );
}

function runs(row: readonly boolean[]): string {
  let bits = '';
  for (let at = 0, isBlack = false; at < row.length; isBlack = !isBlack) {
    const end = endOfRun(row, at, isBlack);
    bits += run(end - at, isBlack);
    at = end;
  }
  return bits;
}

function endOfRun(row: readonly boolean[], from: number, isBlack: boolean): number {
  let at = from;
  while (at < row.length && row[at] === isBlack) at += 1;
  return at;
}

/** T.4 §4.2, with the names of its changes. */
function changes(row: readonly boolean[], above: readonly boolean[]): string {
  const [columns, at] = [row.length, (line: readonly boolean[], i: number) => line[i] ?? false];
  let bits = '';
  for (let a0 = -1, isBlack = false; a0 < columns; ) {
    const a1 = endOfRun(row, Math.max(a0, 0), isBlack);
    let b1 = a0 + 1;
    while (b1 < columns && !(at(above, b1) !== isBlack && (b1 === 0 ? false : at(above, b1 - 1)) === isBlack))
      b1 += 1;
    const b2 = endOfRun(above, b1, !isBlack);
    if (b2 < a1) {
      bits += '0001';
      a0 = b2;
    } else if (Math.abs(a1 - b1) <= 3) {
      bits += ['0000010', '000010', '010', '1', '011', '000011', '0000011'][a1 - b1 + 3] ?? '';
      a0 = a1;
      isBlack = !isBlack;
    } else {
      const a2 = endOfRun(row, a1, !isBlack);
      bits += `001${run(a1 - Math.max(a0, 0), isBlack)}${run(a2 - a1, !isBlack)}`;
      a0 = a2;
    }
  }
  return bits;
}

function run(length: number, isBlack: boolean): string {
  const makeUp = Math.min(2560, length - (length % 64));
  return makeUp > 0 ? code(makeUp, isBlack) + run(length - makeUp, isBlack) : code(length, isBlack);
}

function code(length: number, isBlack: boolean): string {
  const table = isBlack ? BLACK_RUNS : WHITE_RUNS;
  const first = table.findIndex((found) => found !== 0 && found >> 4 === length);
  return first
    .toString(2)
    .padStart(RUN_CODE_BITS, '0')
    .slice(0, (table[first] ?? 0) & 15);
}
