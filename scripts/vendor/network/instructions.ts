/** Splits a function into instructions, as far as needed to find where each ends (WebAssembly Core 3.0, §5.4). */
import { readNumber } from '../wasm-binary.mjs';

export interface Instruction {
  /** Two-part opcodes are `PREFIX * 0x1_0000` plus their number. */
  readonly opcode: number;
  /** Where it begins, and where the next one begins. */
  readonly at: number;
  readonly end: number;
}

/** What follows an opcode: LEB128 numbers, a fixed number of bytes, or one of the longer forms. */
type Immediates =
  | { readonly numbers: number }
  | { readonly bytes: number }
  | { readonly form: 'memory' | 'memory and lane' | 'branches' | 'types' };

/** Prefixes of opcodes: memory and numbers, SIMD, atomics. */
const [MISC, ATOMIC] = [0xfc, 0xfe];
const NONE: Immediates = { bytes: 0 };
const ONE: Immediates = { numbers: 1 };
const TWO: Immediates = { numbers: 2 };
const MEMORY: Immediates = { form: 'memory' };

export const CALL = 0x10;
export const CALL_INDIRECT = 0x11;
export const GET_GLOBAL = 0x23;
export const SET_GLOBAL = 0x24;

/** @param at where in `body` the first instruction begins. @throws at an unknown instruction. */
export function* instructionsOf(body: Buffer, at: number): Generator<Instruction> {
  for (let begin = at; begin < body.length; ) {
    const first = body.readUInt8(begin);
    const prefixed = first >= MISC && first <= ATOMIC;
    const [number, after] = prefixed ? readNumber(body, begin + 1) : [first, begin + 1];
    const immediates = prefixed ? prefixedImmediates(first, number) : plainImmediates(first);
    if (immediates === undefined) throw new Error(`The instruction ${first.toString(16)} is not known.`);
    const end = skip(body, after, immediates);
    yield { opcode: prefixed ? first * 0x1_0000 + number : first, at: begin, end };
    begin = end;
  }
}

/** One-byte opcodes, in order. */
function plainImmediates(opcode: number): Immediates | undefined {
  if (opcode <= 0x01 || opcode === 0x05 || opcode === 0x0b) return NONE;
  // block, loop, if, try; catch, throw, rethrow; br, br_if.
  if ((opcode >= 0x02 && opcode <= 0x04) || (opcode >= 0x06 && opcode <= 0x09)) return ONE;
  if (opcode === 0x0c || opcode === 0x0d) return ONE;
  if (opcode === 0x0e) return { form: 'branches' };
  if (opcode === 0x0f) return NONE;
  if (opcode === 0x10) return ONE;
  if (opcode === 0x11) return TWO;
  // delegate; catch_all, drop, select.
  if (opcode === 0x18) return ONE;
  if (opcode === 0x19 || opcode === 0x1a || opcode === 0x1b) return NONE;
  if (opcode === 0x1c) return { form: 'types' };
  // Variables, globals and tables.
  if (opcode >= 0x20 && opcode <= 0x26) return ONE;
  if (opcode >= 0x28 && opcode <= 0x3e) return MEMORY;
  // The memory's size, and constants.
  if (opcode >= 0x3f && opcode <= 0x42) return ONE;
  if (opcode === 0x43) return { bytes: 4 };
  if (opcode === 0x44) return { bytes: 8 };
  if (opcode >= 0x45 && opcode <= 0xc4) return NONE;
  return undefined;
}

function prefixedImmediates(prefix: number, number: number): Immediates | undefined {
  if (prefix === MISC) {
    if (number <= 7) return NONE;
    return { numbers: { 8: 2, 9: 1, 10: 2, 11: 1, 12: 2, 13: 1, 14: 2 }[number] ?? 1 };
  }
  if (prefix === ATOMIC) return number === 3 ? { bytes: 1 } : MEMORY;
  if (number <= 11 || number === 92 || number === 93) return MEMORY;
  // v128.const, i8x16.shuffle; lanes; loads and stores of a lane.
  if (number === 12 || number === 13) return { bytes: 16 };
  if (number >= 21 && number <= 34) return { bytes: 1 };
  if (number >= 84 && number <= 91) return { form: 'memory and lane' };
  return NONE;
}

function skip(body: Buffer, at: number, immediates: Immediates): number {
  if ('bytes' in immediates) return at + immediates.bytes;
  if ('numbers' in immediates) return skipNumbers(body, at, immediates.numbers);
  // Alignment and offset.
  if (immediates.form === 'memory') return skipNumbers(body, at, 2);
  if (immediates.form === 'memory and lane') return skipNumbers(body, at, 2) + 1;
  const [count, after] = readNumber(body, at);
  return immediates.form === 'types' ? after + count : skipNumbers(body, after, count + 1);
}

/** Signed or unsigned, 32 or 64 bits: the last byte is the first one below 0x80. */
function skipNumbers(body: Buffer, at: number, count: number): number {
  let end = at;
  for (let left = count; left > 0; left--) {
    while (body.readUInt8(end) >= 0x80) end++;
    end++;
  }
  return end;
}
