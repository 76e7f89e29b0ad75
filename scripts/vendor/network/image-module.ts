/**
 * Makes a module that starts in the state that another has reached: the memory's contents become its data, its globals
 * get their present values, and its start function is removed.
 */
import {
  KIND,
  list,
  number,
  only,
  readNumber,
  readSections,
  readText,
  SECTION,
  type Section,
  signedNumber,
  text,
  writeModule,
} from '../wasm-binary.mjs';
import { globalSection } from './globals.ts';
import { memorySection } from './memory.ts';
import { importedFunctions } from './signatures.ts';

/**
 * An `i32.const`, the end of an expression, and the beginning of a data segment: for memory 0, or for no memory yet.
 */
const [I32_CONST, END] = [0x41, 0x0b];
export const [ACTIVE, PASSIVE] = [0x00, 0x01];
/** Fewer zeros than this between two pieces of data are included: another segment would not be smaller. */
const GAP = 16;

export interface State {
  readonly memory: Uint8Array;
  readonly globals: readonly number[];
  /** Pages of the memory, which never grows. */
  readonly pages: number;
}

export interface Names {
  /** The module name under which all imported functions are requested. */
  readonly imports: string;
  /** The exports to keep: new name to present name. */
  readonly exports: Readonly<Record<string, string>>;
}

export function imageModule(
  module: Uint8Array,
  { memory, globals, pages }: State,
  { imports, exports }: Names,
): Buffer {
  const sections = readSections(module);
  const segments = segmentsOf(memory);
  // Code that is no longer called names the module's own segments, so they are kept, but empty.
  const [own] = readNumber(only(sections, SECTION.dataCount), 0);
  const empty = Buffer.from([PASSIVE, 0]);
  const written = new Map<number, (body: Buffer) => Buffer>([
    [SECTION.import, (body) => importSection(body, imports)],
    [SECTION.global, () => globalSection(globals)],
    [SECTION.export, (body) => exportSection(body, exports)],
    [SECTION.dataCount, () => number(own + segments.length)],
    [SECTION.data, () => list([...Array<Buffer>(own).fill(empty), ...segments])],
  ]);
  return writeModule(
    sections
      .filter(({ id }) => id !== SECTION.start)
      .flatMap(({ id, body }): Section[] => {
        const section = { id, body: written.get(id)?.(body) ?? body };
        return id === SECTION.table
          ? [section, { id: SECTION.memory, body: memorySection(pages) }]
          : [section];
      }),
  );
}

/** Only the functions: the memory, which is counted separately, is the module's own from now on. */
function importSection(body: Buffer, name: string): Buffer {
  return list(
    importedFunctions(body).map(({ type }) =>
      Buffer.concat([text('runtime'), text(name), Buffer.from([KIND.function]), number(type)]),
    ),
  );
}

function exportSection(body: Buffer, names: Names['exports']): Buffer {
  const entries = new Map<string, Buffer>();
  let [count, at] = readNumber(body, 0);
  for (; count > 0; count--) {
    const [name, afterName] = readText(body, at);
    at = readNumber(body, afterName + 1)[1];
    entries.set(name, body.subarray(afterName, at));
  }
  const kept = Object.entries(names).map(([name, was]) => {
    const entry = entries.get(was);
    if (entry === undefined) throw new Error(`There is no export ${was}.`);
    return Buffer.concat([text(name), entry]);
  });
  return list([...kept, Buffer.concat([text('memory'), Buffer.from([KIND.memory, 0])])]);
}

/** The nonzero parts of the memory, as data segments with their addresses. */
export function segmentsOf(memory: Uint8Array): Buffer[] {
  const segments: Buffer[] = [];
  const isData = (byte: number) => byte !== 0;
  for (let start = memory.findIndex(isData); start >= 0 && start < memory.length; ) {
    let end = start;
    let next = start;
    for (; next < memory.length && next - end < GAP; next++) if (memory[next] !== 0) end = next + 1;
    const offset = Buffer.from([ACTIVE, I32_CONST, ...signedNumber(start), END]);
    segments.push(Buffer.concat([offset, number(end - start), memory.subarray(start, end)]));
    start = next;
    while (start < memory.length && memory[start] === 0) start++;
  }
  return segments;
}
