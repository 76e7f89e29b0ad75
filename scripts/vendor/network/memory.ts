/** The only memory of a module, which does not grow. */
import {
  HAS_MAXIMUM,
  list,
  number,
  only,
  readNumber,
  readSections,
  SECTION,
  writeModule,
} from '../wasm-binary.mjs';

/** Bytes per page. */
export const PAGE = 65_536;

/** @returns the body of the memory section */
export function memorySection(pages: number): Buffer {
  return list([Buffer.concat([Buffer.from([HAS_MAXIMUM]), number(pages), number(pages)])]);
}

/** Pages that a module's memory has. */
export function pagesOf(module: Uint8Array): number {
  const memory = only(readSections(module), SECTION.memory);
  const [, afterCount] = readNumber(memory, 0);
  return readNumber(memory, afterCount + 1)[0];
}

/** @returns the module with this memory instead */
export function withPages(module: Uint8Array, pages: number): Buffer {
  return writeModule(
    readSections(module).map(({ id, body }) => ({
      id,
      body: id === SECTION.memory ? memorySection(pages) : body,
    })),
  );
}
