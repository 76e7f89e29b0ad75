/** The types of a module's functions, and how to find a known function. */
import { createHash } from 'node:crypto';
import { bodiesOf, KIND, only, readNumber, readSections, readText, SECTION } from '../wasm-binary.mjs';
import { afterVariables } from './functions.ts';
import { CALL, instructionsOf } from './instructions.ts';

/** First byte of a function type (§5.3.6). */
const FUNCTION_TYPE = 0x60;
const VALUE_TYPES: Readonly<Record<number, string>> = {
  127: 'i32',
  126: 'i64',
  125: 'f32',
  124: 'f64',
  123: 'v128',
};

/** How a function is recognised. Its body names others by number, so it is the same in one build only. */
export interface Known {
  /** Its name in the source. */
  readonly name: string;
  readonly parameters: string;
  readonly results: string;
  /** How many instructions call it directly. */
  readonly callers: number;
  /** SHA-256 of its body. */
  readonly body: string;
}

export interface Signature {
  readonly parameters: readonly string[];
  readonly results: readonly string[];
  /** The function as found in the module. */
  readonly bytes: Buffer;
}

/** @param types the body of a type section */
export function signaturesOf(types: Buffer): Signature[] {
  const signatures: Signature[] = [];
  let [count, at] = readNumber(types, 0);
  for (; count > 0; count--) {
    const begin = at;
    if (types.readUInt8(at) !== FUNCTION_TYPE) throw new Error('There are types that are no functions.');
    const [parameters, afterParameters] = valueTypes(types, at + 1);
    const [results, end] = valueTypes(types, afterParameters);
    at = end;
    signatures.push({ parameters, results, bytes: types.subarray(begin, end) });
  }
  return signatures;
}

function valueTypes(types: Buffer, at: number): [string[], number] {
  const [count, begin] = readNumber(types, at);
  const names = [...types.subarray(begin, begin + count)].map((type) => VALUE_TYPES[type] ?? String(type));
  return [names, begin + count];
}

/** @param functions the body of a function section. @returns the number of each function's type */
export function typesOf(functions: Buffer): number[] {
  const types: number[] = [];
  let [count, at] = readNumber(functions, 0);
  for (; count > 0; count--) {
    const [type, end] = readNumber(functions, at);
    types.push(type);
    at = end;
  }
  return types;
}

export interface ImportedFunction {
  readonly name: string;
  /** The number of its type. */
  readonly type: number;
}

/** @returns the functions of an import section, in order: they are numbered first */
export function importedFunctions(imports: Buffer): readonly ImportedFunction[] {
  const functions: ImportedFunction[] = [];
  let [count, at] = readNumber(imports, 0);
  for (; count > 0; count--) {
    const [name, afterName] = readText(imports, readText(imports, at)[1]);
    const kind = imports.readUInt8(afterName);
    if (kind === KIND.function) {
      const [type, end] = readNumber(imports, afterName + 1);
      functions.push({ name, type });
      at = end;
    } else if (kind === KIND.memory) {
      const [, afterMinimum] = readNumber(imports, afterName + 2);
      const hasMaximum = (imports.readUInt8(afterName + 1) & 1) !== 0;
      at = hasMaximum ? readNumber(imports, afterMinimum)[1] : afterMinimum;
    } else throw new Error('An import is neither a function nor a memory.');
  }
  return functions;
}

/** @returns the numbers of exported functions, by their name */
export function exportedFunctions(exports: Buffer): ReadonlyMap<string, number> {
  const functions = new Map<string, number>();
  let [count, at] = readNumber(exports, 0);
  for (; count > 0; count--) {
    const [name, afterName] = readText(exports, at);
    const [index, end] = readNumber(exports, afterName + 1);
    if (exports.readUInt8(afterName) === KIND.function) functions.set(name, index);
    at = end;
  }
  return functions;
}

/**
 * @param isCalled which functions are candidates if one is not found, not counting imported ones
 * @returns the numbers of the functions, in their order
 * @throws if one is not found exactly once; the error lists those of its type
 */
export function findFunctions(
  module: Uint8Array,
  known: readonly Known[],
  isCalled: (index: number) => boolean = () => false,
): number[] {
  const sections = readSections(module);
  const signatures = signaturesOf(only(sections, SECTION.type));
  const types = typesOf(only(sections, SECTION.function));
  const imported = importedFunctions(only(sections, SECTION.import)).length;
  const bodies = bodiesOf(only(sections, SECTION.code));
  const callers = callersOf(bodies);
  return known.map((wanted) => {
    const ofItsType = bodies.flatMap((body, index) => {
      const { parameters, results } = signatures[types[index] ?? -1] ?? {};
      if (parameters?.join(' ') !== wanted.parameters || results?.join(' ') !== wanted.results) return [];
      const sha256 = createHash('sha256').update(body).digest('hex');
      const at = imported + index;
      return [{ index, at, callers: callers.get(at) ?? 0, sha256, bytes: body.length }];
    });
    const found = ofItsType.filter(
      ({ sha256, callers }) => sha256 === wanted.body && callers === wanted.callers,
    );
    const [one, ...more] = found;
    if (one !== undefined && more.length === 0) return one.at;
    const candidates = ofItsType
      .filter(({ index }) => isCalled(index))
      .map(({ at, callers, sha256, bytes }) => `${at}: ${bytes} bytes, ${callers} callers, ${sha256}`);
    throw new Error(
      [
        `${wanted.name} is in the package ${found.length} times. Functions of its type that runs call:`,
        ...candidates,
      ].join('\n'),
    );
  });
}

/** How many instructions call each function. */
function callersOf(bodies: readonly Buffer[]): ReadonlyMap<number, number> {
  const callers = new Map<number, number>();
  for (const body of bodies) {
    for (const { opcode, at } of instructionsOf(body, afterVariables(body))) {
      if (opcode !== CALL) continue;
      const [called] = readNumber(body, at + 1);
      callers.set(called, (callers.get(called) ?? 0) + 1);
    }
  }
  return callers;
}
