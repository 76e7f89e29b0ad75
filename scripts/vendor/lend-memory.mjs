/**
 * Rewrites a WebAssembly module so that it imports its memory instead of defining one.
 *
 * The memory section is removed, and the memory is appended to the import section. The module's only memory keeps the
 * index 0 by which its code, data and export name it. Imported functions are counted separately from memories, so no
 * other index changes (WebAssembly Core 2.0, §5.5.5 and §2.5.1).
 */
import {
  KIND,
  NO_MAXIMUM,
  number,
  only,
  readNumber,
  readSections,
  SECTION,
  text,
  writeModule,
} from './wasm-binary.mjs';

/**
 * @param {Uint8Array} module with imports, and with one memory.
 * @param {{ from: string, name: string }} memory the name of the import. It has neither minimum nor maximum: the module
 *   checks that its data fit when it starts, and its allocator asks how large the memory is.
 * @returns {Buffer} the rewritten module.
 */
export function lendMemory(module, { from, name }) {
  const sections = readSections(module);
  checkMemory(only(sections, SECTION.memory));
  const imports = only(sections, SECTION.import);
  const [count, afterCount] = readNumber(imports, 0);
  const added = [text(from), text(name), Buffer.from([KIND.memory, NO_MAXIMUM]), number(0)];
  const merged = Buffer.concat([number(count + 1), imports.subarray(afterCount), ...added]);
  return writeModule(
    sections
      .filter(({ id }) => id !== SECTION.memory)
      .map(({ id, body }) => ({ id, body: id === SECTION.import ? merged : body })),
  );
}

/** @param {Buffer} memory */
function checkMemory(memory) {
  const [count, afterCount] = readNumber(memory, 0);
  const [flags] = readNumber(memory, afterCount);
  // 0 and 1: a minimum, alone or with a maximum. Other flags mean shared memories or 64-bit addresses.
  if (count !== 1 || flags > 1) throw new Error('The module has not one ordinary memory.');
}
