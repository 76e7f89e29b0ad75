/**
 * Finds out which bytes of its data a module reads, and removes the others.
 *
 * A session's memory still holds data that only its creation needed: schemas of all operators, registries, names. V8
 * keeps all data of a module and copies it into each instance.
 */
import {
  bodiesOf,
  codeSection,
  list,
  number,
  only,
  readNumber,
  readSections,
  SECTION,
  signedNumber,
  writeModule,
} from '../wasm-binary.mjs';
import { withData } from './data.ts';
import { entry } from './entry.ts';
import { afterVariables } from './functions.ts';
import { type Instruction, instructionsOf } from './instructions.ts';
import { importedFunctions, signaturesOf, typesOf } from './signatures.ts';

/** Bytes that share one mark. Only copies access more at once. */
export const GRANULE = 16;

/** `local.get`, `local.set`, `local.tee`, `call`, `i32.const`, `i32.add` (§5.4). */
const [GET, SET, TEE, CALL, I32_CONST, ADD] = [0x20, 0x21, 0x22, 0x10, 0x41, 0x6a];
/** First bytes of a function type, and of the types of values (§5.3). */
const [FUNCTION_TYPE, I32, V128] = [0x60, 0x7f, 0x7b];
/** `memory.copy`. */
const COPY = 0xfc_000a;

/** Variables added to each function: the address, two numbers above it on the stack, and a vector. */
const VARIABLES = Buffer.from([3, I32, 1, V128]);
const VARIABLE_GROUPS = 2;
const [ADDRESS, ONE, OTHER, VECTOR] = [0, 1, 2, 3];

/**
 * The added variables that can hold the operands which an instruction takes from the stack above its address.
 *
 * @returns undefined for an instruction that does not read memory
 * @throws for an unknown instruction
 */
function aboveAddress(opcode: number): readonly number[] | undefined {
  const [prefix, own] = [opcode >>> 16, opcode & 0xffff];
  // Loads; stores follow.
  if (prefix === 0) return own >= 0x28 && own <= 0x35 ? [] : undefined;
  if (prefix === 0xfd) {
    // v128.load and its variants, v128.load32_zero and load64_zero; loads of a lane.
    if (own <= 0x0a || own === 0x5c || own === 0x5d) return [];
    return own >= 0x54 && own <= 0x57 ? [VECTOR] : undefined;
  }
  if (prefix === 0xfe) {
    // A fence, stores; loads; i32.atomic.rmw.add, sub, xchg; cmpxchg.
    if (own === 0x03 || (own >= 0x17 && own <= 0x1d)) return undefined;
    if (own >= 0x10 && own <= 0x16) return [];
    if (own === 0x1e || own === 0x25 || own === 0x41) return [ONE];
    if (own === 0x48) return [ONE, OTHER];
  }
  // Conversions, memory.fill.
  if (prefix === 0xfc && (own <= 0x07 || own === 0x0b)) return undefined;
  throw new Error(`What the instruction ${opcode.toString(16)} reads is not known.`);
}

/** Makes every read write a 1 for each granule that it touches: the first at `marks`, each further one a byte later. */
export function withReads(module: Uint8Array, marks: number): Buffer {
  const sections = readSections(module);
  const signatures = signaturesOf(only(sections, SECTION.type));
  const types = typesOf(only(sections, SECTION.function));
  const bodies = bodiesOf(only(sections, SECTION.code));
  const mark = importedFunctions(only(sections, SECTION.import)).length + bodies.length;
  const marking = bodies.map((body, index) => {
    const { parameters } = entry(signatures, entry(types, index));
    return withMarkedReads(body, parameters.length, mark);
  });
  const written = new Map<number, Buffer>([
    [
      SECTION.type,
      list([...signatures.map(({ bytes }) => bytes), Buffer.from([FUNCTION_TYPE, 2, I32, I32, 0])]),
    ],
    [SECTION.function, list([...types, signatures.length].map((type) => number(type)))],
    [SECTION.code, codeSection([...marking, markFunction(marks)])],
  ]);
  return writeModule(sections.map(({ id, body }) => ({ id, body: written.get(id) ?? body })));
}

function withMarkedReads(body: Buffer, parameters: number, mark: number): Buffer {
  const [groups, first] = readNumber(body, 0);
  const begin = afterVariables(body);
  const own = parameters + variablesOf(body);
  const variable = (instruction: number, which: number) => Buffer.from([instruction, ...number(own + which)]);
  const constant = (value: number) => Buffer.from([I32_CONST, ...signedNumber(value)]);
  const call = Buffer.from([CALL, ...number(mark)]);
  const pieces = [number(groups + VARIABLE_GROUPS), body.subarray(first, begin), VARIABLES];
  for (const instruction of instructionsOf(body, begin)) {
    const original = body.subarray(instruction.at, instruction.end);
    if (instruction.opcode === COPY) {
      const length = variable(GET, ONE);
      pieces.push(variable(SET, ONE), variable(TEE, ADDRESS), length, call, variable(GET, ADDRESS), length);
    } else {
      const above = aboveAddress(instruction.opcode);
      if (above !== undefined)
        pieces.push(
          ...above.toReversed().map((which) => variable(SET, which)),
          variable(TEE, ADDRESS),
          constant(offsetOf(body, instruction)),
          Buffer.from([ADD]),
          constant(GRANULE),
          call,
          variable(GET, ADDRESS),
          ...above.map((which) => variable(GET, which)),
        );
    }
    pieces.push(original);
  }
  return Buffer.concat(pieces);
}

/** The number of a function's variables, without its parameters. */
function variablesOf(body: Buffer): number {
  let [groups, at] = readNumber(body, 0);
  let sum = 0;
  for (; groups > 0; groups--) {
    const [count, end] = readNumber(body, at);
    sum += count;
    at = end + 1;
  }
  return sum;
}

/** The offset that an access adds to the address on the stack. */
function offsetOf(body: Buffer, { opcode, at }: Instruction): number {
  const behind = opcode < 0x100 ? at + 1 : readNumber(body, at + 1)[1];
  const [, afterAlignment] = readNumber(body, behind);
  return readNumber(body, afterAlignment)[0];
}

/** A function of an address and a length in bytes that marks each granule in between; none if the length is 0. */
function markFunction(marks: number): Buffer {
  const [address, length, last] = [0, 1, 2];
  const [eqz, le, subtract, shift] = [0x45, 0x4d, 0x6b, 0x76];
  const bits = Math.log2(GRANULE);
  // biome-ignore format: an instruction a line
  return Buffer.from([
    1, 1, I32,
    GET, length, eqz, 0x04, 0x40, 0x0f, 0x0b,
    GET, address, GET, length, ADD, I32_CONST, 1, subtract, I32_CONST, bits, shift, SET, last,
    GET, address, I32_CONST, bits, shift, SET, address,
    0x03, 0x40,
    GET, address, I32_CONST, 1, 0x3a, 0, ...number(marks),
    GET, address, I32_CONST, 1, ADD, TEE, address, GET, last, le, 0x0d, 0,
    0x0b,
    0x0b,
  ]);
}

/**
 * @param module as `withData` takes it
 * @param isRead whether a granule of the memory is read
 */
export function withoutUnread(module: Uint8Array, isRead: (granule: number) => boolean): Buffer {
  return withData(module, (memory) => {
    for (let granule = 0; granule * GRANULE < memory.length; granule++) {
      if (!isRead(granule)) memory.fill(0, granule * GRANULE, (granule + 1) * GRANULE);
    }
  });
}
