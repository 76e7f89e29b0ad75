/**
 * Removes the functions of a module that are not called. The remaining ones are renumbered, and calls, exports and the
 * table are updated.
 *
 * V8 takes memory and time for each function that a module declares, called or not, and for each entry of its table.
 */
import {
  bodiesOf,
  codeSection,
  KIND,
  list,
  number,
  only,
  readNumber,
  readSections,
  readText,
  SECTION,
  signedNumber,
  text,
  writeModule,
} from '../wasm-binary.mjs';
import { entry } from './entry.ts';
import { afterVariables, TRAP } from './functions.ts';
import { CALL, instructionsOf } from './instructions.ts';
import { importedFunctions, typesOf } from './signatures.ts';

/** An element segment for table 0 that lists functions, and its offset (§5.5.12). */
const [LISTS_FUNCTIONS, I32_CONST, END] = [0, 0x41, 0x0b];

/**
 * A kept function that could call a removed one calls a trap of the same type instead. Table entries of removed
 * functions are empty, which traps too.
 *
 * @param called which functions to keep, not counting imported ones, which are all kept
 */
export function withoutGaps(module: Uint8Array, called: (index: number) => boolean): Buffer {
  const sections = readSections(module);
  const types = typesOf(only(sections, SECTION.function));
  const bodies = bodiesOf(only(sections, SECTION.code));
  const imported = importedFunctions(only(sections, SECTION.import)).length;
  const kept = [...bodies.keys()].filter(called);

  /** Bodies of the kept functions. */
  const numbers = new Map<number, number>();
  for (let index = 0; index < imported; index++) numbers.set(index, index);
  for (const [place, index] of kept.entries()) numbers.set(imported + index, imported + place);
  /** Types of the traps, which come last. */
  const traps: number[] = [];
  const numberOf = (index: number): number => {
    const found = numbers.get(index);
    if (found !== undefined) return found;
    const type = entry(types, index - imported);
    if (!traps.includes(type)) traps.push(type);
    return imported + kept.length + traps.indexOf(type);
  };
  const renumbered = (body: Buffer): Buffer => {
    const begin = afterVariables(body);
    const pieces = [body.subarray(0, begin)];
    for (const { opcode, at, end } of instructionsOf(body, begin)) {
      const isCall = opcode === CALL;
      pieces.push(
        isCall
          ? Buffer.from([CALL, ...number(numberOf(readNumber(body, at + 1)[0]))])
          : body.subarray(at, end),
      );
    }
    return Buffer.concat(pieces);
  };

  const code = kept.map((index) => renumbered(entry(bodies, index)));
  const written = new Map<number, (body: Buffer) => Buffer>([
    [
      SECTION.function,
      () => list([...kept.map((index) => entry(types, index)), ...traps].map((type) => number(type))),
    ],
    [SECTION.export, (body) => exportSection(body, numberOf)],
    [SECTION.element, (body) => elementSection(body, numbers)],
    [SECTION.code, () => codeSection([...code, ...traps.map(() => TRAP)])],
  ]);
  return writeModule(sections.map(({ id, body }) => ({ id, body: written.get(id)?.(body) ?? body })));
}

function exportSection(body: Buffer, numberOf: (index: number) => number): Buffer {
  const entries: Buffer[] = [];
  let [count, at] = readNumber(body, 0);
  for (; count > 0; count--) {
    const [name, afterName] = readText(body, at);
    const kind = body.readUInt8(afterName);
    const [index, end] = readNumber(body, afterName + 1);
    const exported = kind === KIND.function ? numberOf(index) : index;
    entries.push(Buffer.concat([text(name), Buffer.from([kind]), number(exported)]));
    at = end;
  }
  return list(entries);
}

/** One segment for each run of consecutive kept entries. */
function elementSection(body: Buffer, numbers: ReadonlyMap<number, number>): Buffer {
  const segments: Buffer[] = [];
  const write = (offset: number, functions: readonly number[]) => {
    if (functions.length === 0) return;
    const begin = Buffer.from([LISTS_FUNCTIONS, I32_CONST, ...signedNumber(offset), END]);
    segments.push(Buffer.concat([begin, list(functions.map((index) => number(index)))]));
  };
  let [count, at] = readNumber(body, 0);
  for (; count > 0; count--) {
    // Offsets are not negative, so the signed and the unsigned encoding are read alike.
    const [offset, afterOffset] = readNumber(body, at + 2);
    if (body.readUInt8(at) !== LISTS_FUNCTIONS || body.readUInt8(at + 1) !== I32_CONST)
      throw new Error('A segment of the table is of another kind.');
    if (body.readUInt8(afterOffset) !== END) throw new Error('Where a segment begins is computed.');
    let [left, next] = readNumber(body, afterOffset + 1);
    let row: number[] = [];
    for (let place = offset; left > 0; left--, place++) {
      const [index, end] = readNumber(body, next);
      next = end;
      const stays = numbers.get(index);
      if (stays !== undefined) row.push(stays);
      else {
        write(place - row.length, row);
        row = [];
      }
      if (left === 1) write(place + 1 - row.length, row);
    }
    at = next;
  }
  return list(segments);
}
