/**
 * Appends our own functions to ONNX Runtime's, and makes some of those call ours.
 *
 * Ours are numbered after all of the runtime's, so that nothing has to be renumbered, tables included. A replaced
 * function keeps its number and type; its body becomes a call.
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
import { afterVariables } from './functions.ts';
import { CALL, CALL_INDIRECT, GET_GLOBAL, instructionsOf, SET_GLOBAL } from './instructions.ts';
import { memorySection, PAGE, pagesOf } from './memory.ts';
import { exportedFunctions, importedFunctions, type Signature, signaturesOf, typesOf } from './signatures.ts';

/** `local.get`, `i32.const` and `end` (§5.4). */
const [GET, I32_CONST, END] = [0x20, 0x41, 0x0b];

/** Scratch memory of the kernels: the patches of a row of the first layer take the most, 12 kB. */
export const SCRATCH_PAGES = 1;

/** A function of the runtime, by its number, and the name of the kernel that it calls. */
export interface Hook {
  readonly at: number;
  readonly kernel: string;
}

export interface Linked {
  readonly module: Buffer;
  /** Which functions are the kernels', not counting imported ones. */
  readonly own: readonly number[];
  /** The numbers of the exported kernels, counting imported functions. */
  readonly kernels: ReadonlyMap<string, number>;
  /** Address of the scratch memory. */
  readonly scratch: number;
}

/**
 * @param runtime a module with a memory of its own that does not grow
 * @param kernels a module without globals, tables and imported functions. A kernel has the parameters of the function
 *   that it replaces, and may have two more: address and size in bytes of `SCRATCH_PAGES` pages after the runtime's
 */
export function link(runtime: Uint8Array, kernels: Uint8Array, hooks: readonly Hook[]): Linked {
  const [theirs, ours] = [partsOf(runtime), partsOf(kernels)];
  if (ours.imported > 0) throw new Error('The kernels import functions.');
  const first = theirs.imported + theirs.bodies.length;
  const pages = pagesOf(runtime);
  const scratch = pages * PAGE;
  const exported = exportedFunctions(only(ours.sections, SECTION.export));

  for (const { at, kernel } of hooks) {
    const own = at - theirs.imported;
    const index = exported.get(kernel);
    if (index === undefined) throw new Error(`There is no kernel ${kernel}.`);
    theirs.bodies[own] = forward(
      first + index,
      parametersOf(theirs, own),
      parametersOf(ours, index),
      scratch,
    );
  }
  const signatures = [...theirs.signatures, ...ours.signatures].map(({ bytes }) => bytes);
  const types = [...theirs.types, ...ours.types.map((type) => theirs.signatures.length + type)];
  const bodies = [...theirs.bodies, ...ours.bodies.map((body) => renumbered(body, first))];
  const written = new Map<number, Buffer>([
    [SECTION.type, list(signatures)],
    [SECTION.function, list(types.map((type) => number(type)))],
    [SECTION.memory, memorySection(pages + SCRATCH_PAGES)],
    [SECTION.code, codeSection(bodies)],
  ]);
  return {
    module: writeModule(theirs.sections.map(({ id, body }) => ({ id, body: written.get(id) ?? body }))),
    own: ours.bodies.map((_, index) => theirs.bodies.length + index),
    kernels: new Map([...exported].map(([name, index]) => [name, first + index])),
    scratch,
  };
}

interface Parts {
  readonly sections: ReturnType<typeof readSections>;
  readonly signatures: readonly Signature[];
  /** One entry for each function that is not imported. */
  readonly types: readonly number[];
  readonly bodies: Buffer[];
  readonly imported: number;
}

function partsOf(module: Uint8Array): Parts {
  const sections = readSections(module);
  return {
    sections,
    signatures: signaturesOf(only(sections, SECTION.type)),
    types: typesOf(only(sections, SECTION.function)),
    bodies: bodiesOf(only(sections, SECTION.code)),
    imported: importedFunctions(only(sections, SECTION.import)).length,
  };
}

function parametersOf({ signatures, types }: Parts, index: number): readonly string[] {
  const signature = signatures[types[index] ?? -1];
  if (signature === undefined) throw new Error(`There is no function ${index}.`);
  return signature.parameters;
}

/** The body of a function that calls another with its own arguments, and with the scratch memory if that takes it. */
function forward(
  to: number,
  parameters: readonly string[],
  wanted: readonly string[],
  scratch: number,
): Buffer {
  const withScratch = [...parameters, 'i32', 'i32'].join();
  const extra =
    wanted.join() === withScratch
      ? [scratch, SCRATCH_PAGES * PAGE].map((value) => Buffer.from([I32_CONST, ...signedNumber(value)]))
      : [];
  if (extra.length === 0 && wanted.join() !== parameters.join())
    throw new Error(`A kernel of (${wanted}) cannot replace a function of (${parameters}).`);
  const own = parameters.map((_, index) => Buffer.from([GET, ...number(index)]));
  const body = Buffer.concat([...own, ...extra, Buffer.from([CALL, ...number(to), END])]);
  return Buffer.concat([number(0), body]);
}

/** A kernel's body with its calls renumbered: kernels are numbered from `first` on. */
function renumbered(body: Buffer, first: number): Buffer {
  const begin = afterVariables(body);
  const pieces = [body.subarray(0, begin)];
  for (const { opcode, at, end } of instructionsOf(body, begin)) {
    if (opcode === GET_GLOBAL || opcode === SET_GLOBAL || opcode === CALL_INDIRECT)
      throw new Error('The kernels have variables or tables.');
    const instruction = body.subarray(at, end);
    pieces.push(
      opcode === CALL ? Buffer.from([CALL, ...number(first + readNumber(body, at + 1)[0])]) : instruction,
    );
  }
  return Buffer.concat(pieces);
}
