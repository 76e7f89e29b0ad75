/** Gives a module's own memory a maximum, so that no bug, in the module or in our code, makes it grow further. */
import { HAS_MAXIMUM, number, only, readNumber, readSections, SECTION, writeModule } from './wasm-binary.mjs';

/** Bytes per page. */
export const PAGE_BYTES = 65_536;

/**
 * @param {Uint8Array} module with one memory.
 * @param {number} bytes whole pages.
 * @returns {Buffer} the rewritten module.
 */
export function withMaximum(module, bytes) {
  const sections = readSections(module);
  const memory = only(sections, SECTION.memory);
  const [count, at] = readNumber(memory, 0);
  const [flags] = readNumber(memory, at);
  const [least] = readNumber(memory, at + 1);
  const pages = bytes / PAGE_BYTES;
  // 0 and 1: a minimum, alone or with a maximum. Other flags mean shared memories or 64-bit addresses.
  if (count !== 1 || flags > HAS_MAXIMUM) throw new Error('The module has not one ordinary memory.');
  if (!Number.isInteger(pages) || pages < least) {
    throw new Error(`The module's memory has ${least} pages at least, and may not have ${pages} at most.`);
  }
  const bounded = Buffer.concat([number(1), Buffer.from([HAS_MAXIMUM]), number(least), number(pages)]);
  return writeModule(sections.map(({ id, body }) => ({ id, body: id === SECTION.memory ? bounded : body })));
}
