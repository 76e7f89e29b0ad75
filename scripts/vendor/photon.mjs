/**
 * Changes photon at installation, in addition to the memory that is lent to it (`lend-memory.mjs`).
 *
 * `src/image/photon.ts` uses the result. photon's allocator requests pages with `memory.grow`, and what an instance has
 * leaked is lost until the memory itself is dropped, which is collected too late. A function added here hands out pages
 * of the lent memory instead, grows it only for pages that it does not have yet, and records when it cannot grow. So a
 * replaced instance leaks nothing, and a picture that needs too much memory can be distinguished from a damaged one,
 * which photon ends with the same trap.
 */
import {
  bodiesOf,
  codeSection,
  HAS_MAXIMUM,
  KIND,
  number,
  only,
  readNumber,
  readSections,
  readText,
  SECTION,
  signedNumber,
  text,
  writeModule,
} from './wasm-binary.mjs';

const I32 = 0x7f;
const MUTABLE = 1;
const FUNCTION_TYPE = 0x60;

/** `i32.add; local.tee 1; memory.grow 0; local.tee 4; i32.const -1; i32.eq` (WebAssembly Core 2.0, §5.4). */
const GROWTH = Buffer.from([0x6a, 0x22, 0x01, 0x40, 0x00, 0x22, 0x04, 0x41, 0x7f, 0x46]);
/** Offset and length of `memory.grow` in it. */
const GROW = { at: 3, bytes: 2 };

/**
 * @param {Uint8Array} module with a memory of its own.
 * @param {string} name of the exported global: 1 once the memory could not grow; the caller may reset it to 0.
 * @returns {Buffer} the rewritten module.
 */
export function growInLentMemory(module, name) {
  const sections = readSections(module);
  const types = only(sections, SECTION.type);
  const imports = imported(only(sections, SECTION.import));
  const functions = only(sections, SECTION.function);
  const globals = only(sections, SECTION.global);
  const bodies = bodiesOf(only(sections, SECTION.code));
  const [globalCount] = readNumber(globals, 0);
  const taken = imports.globals + globalCount;
  const failed = taken + 1;
  const added = imports.functions + bodies.length;

  const growing = bodies.filter((body) => body.includes(GROWTH));
  const [at, second] = growing.flatMap((body) => placesOf(body, GROWTH));
  if (growing.length !== 1 || at === undefined || second !== undefined) {
    throw new Error('photon does not ask for memory at one place.');
  }
  const rewritten = bodies.map((body) => {
    if (body !== growing[0]) return body;
    const call = Buffer.concat([Buffer.from([0x10]), number(added)]);
    return Buffer.concat([body.subarray(0, at + GROW.at), call, body.subarray(at + GROW.at + GROW.bytes)]);
  });
  /** @type {Readonly<Record<number, Buffer>>} */
  const changed = {
    [SECTION.type]: appended(types, [Buffer.from([FUNCTION_TYPE, 1, I32, 1, I32])]),
    [SECTION.function]: appended(functions, [number(readNumber(types, 0)[0])]),
    [SECTION.global]: appended(globals, [variable(firstPages(only(sections, SECTION.memory))), variable(0)]),
    [SECTION.export]: appended(only(sections, SECTION.export), [
      Buffer.concat([text(name), Buffer.from([KIND.global]), number(failed)]),
    ]),
    [SECTION.code]: codeSection([...rewritten, takePages(taken, failed)]),
  };
  return writeModule(sections.map(({ id, body }) => ({ id, body: changed[id] ?? body })));
}

/**
 * The replacement of `memory.grow`: takes a number of pages and returns the first of them, or -1.
 *
 * @param {number} taken the global that counts pages handed out
 * @param {number} failed the global that is 1 after a -1
 */
function takePages(taken, failed) {
  return Buffer.concat([
    // Two locals: the first page, and how many pages are missing.
    Buffer.from([0x01, 0x02, I32]),
    // first = taken; missing = first + pages - memory.size
    Buffer.from([0x23, ...number(taken), 0x22, 0x01, 0x20, 0x00, 0x6a, 0x3f, 0x00, 0x6b, 0x22, 0x02]),
    // if missing > 0 and memory.grow(missing) = -1
    Buffer.from([0x41, 0x00, 0x4a, 0x04, 0x40, 0x20, 0x02, 0x40, 0x00, 0x41, 0x7f, 0x46, 0x04, 0x40]),
    // failed = 1; return -1
    Buffer.from([0x41, 0x01, 0x24, ...number(failed), 0x41, 0x7f, 0x0f, 0x0b, 0x0b]),
    // taken = first + pages; return first
    Buffer.from([0x20, 0x01, 0x20, 0x00, 0x6a, 0x24, ...number(taken), 0x20, 0x01, 0x0b]),
  ]);
}

/**
 * A mutable i32.
 *
 * @param {number} value at the start
 */
function variable(value) {
  return Buffer.from([I32, MUTABLE, 0x41, ...signedNumber(value), 0x0b]);
}

/** @param {Buffer} memory */
function firstPages(memory) {
  const [, afterCount] = readNumber(memory, 0);
  return readNumber(memory, afterCount + 1)[0];
}

/**
 * A vector with items appended.
 *
 * @param {Buffer} vector
 * @param {readonly Uint8Array[]} items
 */
function appended(vector, items) {
  const [count, at] = readNumber(vector, 0);
  return Buffer.concat([number(count + items.length), vector.subarray(at), ...items]);
}

/**
 * How many functions and globals a module imports (§5.5.5).
 *
 * @param {Buffer} section
 */
function imported(section) {
  const counts = { functions: 0, globals: 0 };
  let [count, at] = readNumber(section, 0);
  for (; count > 0; count--) {
    [, at] = readText(section, at);
    [, at] = readText(section, at);
    const kind = section.readUInt8(at);
    if (kind === KIND.function) {
      counts.functions++;
      [, at] = readNumber(section, at + 1);
    } else if (kind === KIND.global) {
      counts.globals++;
      at += 3;
    } else {
      // For tables, one byte of type; then the limits.
      at += kind === KIND.table ? 2 : 1;
      const hasMaximum = section.readUInt8(at) === HAS_MAXIMUM;
      [, at] = readNumber(section, at + 1);
      if (hasMaximum) [, at] = readNumber(section, at);
    }
  }
  return counts;
}

/**
 * @param {Buffer} bytes
 * @param {Buffer} pattern
 */
function placesOf(bytes, pattern) {
  const places = [];
  for (let at = bytes.indexOf(pattern); at !== -1; at = bytes.indexOf(pattern, at + 1)) places.push(at);
  return places;
}
