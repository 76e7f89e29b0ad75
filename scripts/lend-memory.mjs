/**
 * Rewrites a WebAssembly module so that it works in a memory that it is given, where it had one of its own.
 *
 * The memory section goes, and the same memory stands at the end of the import section. The module's only
 * memory keeps the index 0 by which its code, its data and its export name it; imported functions are counted
 * apart from memories, so no other index moves (WebAssembly Core 2.0, §5.5.5 and §2.5.1).
 */

/** Magic number and version. */
const PREAMBLE = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
const IMPORT_SECTION = 2;
const MEMORY_SECTION = 5;
/** An import's kind, and the flag of limits that have a minimum only. */
const MEMORY_KIND = 0x02;
const NO_MAXIMUM = 0x00;

/**
 * @param {Uint8Array} module with imports, and with one memory.
 * @param {{ from: string, name: string }} memory what the import is called. It has neither minimum nor maximum: that
 *   its data fit is checked when the module starts, and its allocator asks how large the memory is.
 * @returns {Buffer} the rewritten module.
 */
export function lendMemory(module, { from, name }) {
  const bytes = Buffer.from(module);
  if (!bytes.subarray(0, PREAMBLE.length).equals(PREAMBLE)) throw new Error('This is no WebAssembly module.');
  const sections = sectionsOf(bytes);
  checkMemory(only(sections, MEMORY_SECTION));
  const imports = only(sections, IMPORT_SECTION);
  const [count, afterCount] = readNumber(imports, 0);
  const added = [text(from), text(name), Buffer.from([MEMORY_KIND, NO_MAXIMUM]), number(0)];
  const merged = Buffer.concat([number(count + 1), imports.subarray(afterCount), ...added]);
  return Buffer.concat([
    PREAMBLE,
    ...sections
      .filter(({ id }) => id !== MEMORY_SECTION)
      .map(({ id, body }) => section(id, id === IMPORT_SECTION ? merged : body)),
  ]);
}

/** @typedef {{ id: number, body: Buffer }} Section */

/**
 * @param {Buffer} bytes
 * @returns {Section[]}
 */
function sectionsOf(bytes) {
  /** @type {Section[]} */
  const sections = [];
  for (let at = PREAMBLE.length; at < bytes.length; ) {
    const id = bytes.readUInt8(at);
    const [size, start] = readNumber(bytes, at + 1);
    at = start + size;
    if (at > bytes.length) throw new Error(`Section ${id} ends behind the module.`);
    sections.push({ id, body: bytes.subarray(start, at) });
  }
  return sections;
}

/**
 * @param {Section[]} sections
 * @param {number} id
 */
function only(sections, id) {
  const [found, ...more] = sections.filter((one) => one.id === id);
  if (found === undefined || more.length > 0) throw new Error(`The module has not one section ${id}.`);
  return found.body;
}

/** @param {Buffer} memory */
function checkMemory(memory) {
  const [count, afterCount] = readNumber(memory, 0);
  const [flags] = readNumber(memory, afterCount);
  // 0 and 1: a minimum, alone or with a maximum. Others are shared or have 64-bit addresses.
  if (count !== 1 || flags > 1) throw new Error('The module has not one ordinary memory.');
}

/**
 * @param {number} id
 * @param {Buffer} body
 */
function section(id, body) {
  return Buffer.concat([Buffer.from([id]), number(body.length), body]);
}

/** @param {string} letters */
function text(letters) {
  const encoded = Buffer.from(letters, 'utf8');
  return Buffer.concat([number(encoded.length), encoded]);
}

/**
 * Unsigned LEB128 (§5.2.2): seven bits a byte, lowest first; the eighth says that more follow.
 *
 * @param {number} value
 */
function number(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/**
 * @param {Buffer} bytes
 * @param {number} at
 * @returns {[number, number]} the number, and where what follows it starts.
 */
function readNumber(bytes, at) {
  let value = 0;
  for (let i = 0; i < 5 && at + i < bytes.length; i++) {
    const byte = bytes.readUInt8(at + i);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return [value, at + i + 1];
  }
  throw new Error('A number in the module does not end.');
}
