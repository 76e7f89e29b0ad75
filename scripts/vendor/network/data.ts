/** A module's data: what its memory contains when an instance begins. */
import {
  list,
  number,
  only,
  readNumber,
  readSections,
  SECTION,
  signedNumber,
  writeModule,
} from '../wasm-binary.mjs';
import { PAGE, pagesOf } from './memory.ts';

/** An `i32.const` and the end of an expression (§5.4). */
const [I32_CONST, END] = [0x41, 0x0b];
/** The beginning of a data segment: for memory 0, or for no memory yet. */
const [ACTIVE, PASSIVE] = [0x00, 0x01];
/** Fewer zeros than this between two pieces of data are included: another segment would not be smaller. */
const GAP = 16;

/** A segment that is for no memory, and empty. */
export const EMPTY = Buffer.from([PASSIVE, 0]);

/**
 * Changes the contents of the memory.
 *
 * @param module whose segments are empty and passive, or have a constant address, as `imageModule` writes them
 */
export function withData(module: Uint8Array, change: (memory: Uint8Array<ArrayBuffer>) => void): Buffer {
  const sections = readSections(module);
  const memory = new Uint8Array(pagesOf(module) * PAGE);
  const passive = readData(only(sections, SECTION.data), memory);
  change(memory);
  const segments = [...Array<Buffer>(passive).fill(EMPTY), ...segmentsOf(memory)];
  const written = new Map<number, Buffer>([
    [SECTION.dataCount, number(segments.length)],
    [SECTION.data, list(segments)],
  ]);
  return writeModule(sections.map(({ id, body }) => ({ id, body: written.get(id) ?? body })));
}

/** Writes the active segments into the memory. @returns how many others there are */
function readData(section: Buffer, memory: Uint8Array): number {
  let passive = 0;
  let [count, at] = readNumber(section, 0);
  for (; count > 0; count--) {
    const isActive = section.readUInt8(at) === ACTIVE;
    // Addresses are not negative, so the signed and the unsigned encoding are read alike. An `end` follows.
    const [address, afterAddress] = isActive ? readNumber(section, at + 2) : [0, at];
    const [length, begin] = readNumber(section, afterAddress + 1);
    at = begin + length;
    if (isActive) memory.set(section.subarray(begin, at), address);
    else passive++;
  }
  return passive;
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
