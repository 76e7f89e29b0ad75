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
  text,
  writeModule,
} from '../wasm-binary.mjs';
import { EMPTY, segmentsOf } from './data.ts';
import { globalSection } from './globals.ts';
import { memorySection } from './memory.ts';
import { importedFunctions } from './signatures.ts';

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
  const written = new Map<number, (body: Buffer) => Buffer>([
    [SECTION.import, (body) => importSection(body, imports)],
    [SECTION.global, () => globalSection(globals)],
    [SECTION.export, (body) => exportSection(body, exports)],
    [SECTION.dataCount, () => number(own + segments.length)],
    [SECTION.data, () => list([...Array<Buffer>(own).fill(EMPTY), ...segments])],
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
