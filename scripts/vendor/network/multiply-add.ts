/**
 * Has a module multiply and add in one instruction where it does so in two.
 *
 * onnxruntime-web is compiled without relaxed SIMD, whose `f32x4.relaxed_madd` is one instruction of x86-64 (FMA) and
 * arm64, and rounds once instead of twice: its matrix products are half as many instructions with it. Where a
 * processor has no such instruction, engines take the two.
 */
import { number, only, readNumber, readSections, SECTION, writeModule } from '../wasm-binary.mjs';
import { afterVariables, bodiesOf, codeSection } from './functions.ts';
import { instructionsOf, simd } from './instructions.ts';

const MULTIPLY = simd(230);
const ADD = simd(228);
/** `f32x4.relaxed_madd`: of a, b and c, a · b + c. */
const MULTIPLY_ADD = Buffer.from([0xfd, 0x85, 0x02]);
const [GET, SET, V128] = [0x20, 0x21, 0x7b];
/** A function's type (§5.3.6). */
const FUNCTION_TYPE = 0x60;

export interface Fused {
  readonly module: Buffer;
  /** How many pairs have become one. */
  readonly count: number;
}

/** @param module whose code section holds only instructions that `instructions.ts` knows. */
export function withMultiplyAdd(module: Uint8Array): Fused {
  const sections = readSections(module);
  const parameters = parametersOf(only(sections, SECTION.type), only(sections, SECTION.function));
  let count = 0;
  const bodies = bodiesOf(only(sections, SECTION.code)).map((body, index) => {
    const fused = fuse(body, parameters[index] ?? 0);
    count += fused.count;
    return fused.body;
  });
  const code = codeSection(bodies);
  return {
    count,
    module: writeModule(sections.map(({ id, body }) => ({ id, body: id === SECTION.code ? code : body }))),
  };
}

/** @returns how many parameters each function has */
function parametersOf(types: Buffer, functions: Buffer): number[] {
  const counts: number[] = [];
  let [left, at] = readNumber(types, 0);
  for (; left > 0; left--) {
    if (types.readUInt8(at) !== FUNCTION_TYPE) throw new Error('There are types that are no functions.');
    const [parameters, afterCount] = readNumber(types, at + 1);
    const [results, afterResults] = readNumber(types, afterCount + parameters);
    counts.push(parameters);
    at = afterResults + results;
  }
  const ofFunctions: number[] = [];
  let [rest, next] = readNumber(functions, 0);
  for (; rest > 0; rest--) {
    const [type, after] = readNumber(functions, next);
    ofFunctions.push(counts[type] ?? 0);
    next = after;
  }
  return ofFunctions;
}

/**
 * A product that is added at once lies on the stack above what it is added to; the one instruction wants that last.
 * So all three go through variables of their own, which cost nothing once the engine has compiled them.
 */
function fuse(body: Buffer, parameters: number): { body: Buffer; count: number } {
  const begin = afterVariables(body);
  const pieces: Buffer[] = [];
  let [count, copied, previous] = [0, begin, { opcode: 0, at: begin }];
  const [groups, afterGroups] = readNumber(body, 0);
  const firstOwn = parameters + variablesIn(body);
  const access = (instruction: number, own: number) =>
    Buffer.concat([Buffer.from([instruction]), number(firstOwn + own)]);
  const [a, b, c] = [0, 1, 2];
  const replacement = Buffer.concat([
    ...[b, a, c].map((own) => access(SET, own)),
    ...[a, b, c].map((own) => access(GET, own)),
    MULTIPLY_ADD,
  ]);
  for (const { opcode, at, end } of instructionsOf(body, begin)) {
    if (opcode === ADD && previous.opcode === MULTIPLY) {
      pieces.push(body.subarray(copied, previous.at), replacement);
      copied = end;
      count++;
    }
    previous = { opcode, at };
  }
  if (count === 0) return { body, count };
  const variables = [number(groups + 1), body.subarray(afterGroups, begin), number(3), Buffer.from([V128])];
  return { body: Buffer.concat([...variables, ...pieces, body.subarray(copied)]), count };
}

/** @returns how many variables a function has besides its parameters */
function variablesIn(body: Buffer): number {
  let [groups, at] = readNumber(body, 0);
  let total = 0;
  for (; groups > 0; groups--) {
    const [count, after] = readNumber(body, at);
    total += count;
    at = after + 1;
  }
  return total;
}
