/**
 * WebAssembly modules as sections, and the numbers, names and vectors that sections consist of (WebAssembly Core 2.0,
 * §5). The callers interpret the sections.
 */

/** Magic number and version. */
const PREAMBLE = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

/** Section ids (§5.5.2). */
export const SECTION = Object.freeze({
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  dataCount: 12,
  code: 10,
  data: 11,
});

/** Kinds of imports and exports (§5.5.5). */
export const KIND = Object.freeze({ function: 0, table: 1, memory: 2, global: 3 });

/** Limits with a minimum only, and the bit that says there is a maximum (§5.3.8). */
export const NO_MAXIMUM = 0x00;
export const HAS_MAXIMUM = 0x01;

/** @typedef {{ id: number, body: Buffer }} Section */

/**
 * @param {Uint8Array} module
 * @returns {Section[]} in the module's order
 */
export function readSections(module) {
  const bytes = Buffer.from(module.buffer, module.byteOffset, module.byteLength);
  if (!bytes.subarray(0, PREAMBLE.length).equals(PREAMBLE)) throw new Error('This is no WebAssembly module.');
  /** @type {Section[]} */
  const sections = [];
  for (let at = PREAMBLE.length; at < bytes.length; ) {
    const id = bytes.readUInt8(at);
    const [size, start] = readNumber(bytes, at + 1);
    at = start + size;
    if (at > bytes.length) throw new Error(`Section ${id} ends beyond the module.`);
    sections.push({ id, body: bytes.subarray(start, at) });
  }
  return sections;
}

/**
 * @param {readonly Section[]} sections in the order that the specification requires
 * @returns {Buffer} the module
 */
export function writeModule(sections) {
  return Buffer.concat([
    PREAMBLE,
    ...sections.flatMap(({ id, body }) => [Buffer.from([id]), number(body.length), body]),
  ]);
}

/**
 * @param {readonly Section[]} sections
 * @param {number} id
 * @returns {Buffer} the body of the only section of this kind
 */
export function only(sections, id) {
  const [found, ...more] = sections.filter((one) => one.id === id);
  if (found === undefined || more.length > 0) throw new Error(`The module has not one section ${id}.`);
  return found.body;
}

/**
 * A vector (§5.1.3).
 *
 * @param {readonly Uint8Array[]} items
 */
export function list(items) {
  return Buffer.concat([number(items.length), ...items]);
}

/** @param {string} letters */
export function text(letters) {
  const encoded = Buffer.from(letters, 'utf8');
  return Buffer.concat([number(encoded.length), encoded]);
}

/**
 * @param {Buffer} bytes
 * @param {number} at
 * @returns {[string, number]} the text, and the offset after it
 */
export function readText(bytes, at) {
  const [length, start] = readNumber(bytes, at);
  return [bytes.toString('utf8', start, start + length), start + length];
}

/**
 * Unsigned LEB128 (§5.2.2): seven bits per byte, lowest first; the eighth bit says that more follow.
 *
 * @param {number} value
 */
export function number(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

/**
 * Signed LEB128, as for constants in code: the seventh bit of the last byte is the sign.
 *
 * @param {number} value of 32 bits
 */
export function signedNumber(value) {
  const bytes = [];
  let rest = value | 0;
  for (; rest < -64 || rest > 63; rest >>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest & 0x7f]);
}

/**
 * @param {Buffer} bytes
 * @param {number} at
 * @returns {[number, number]} the number, and the offset after it
 */
export function readNumber(bytes, at) {
  let value = 0;
  for (let i = 0; i < 5 && at + i < bytes.length; i++) {
    const byte = bytes.readUInt8(at + i);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return [value, at + i + 1];
  }
  throw new Error('A number in the module does not end.');
}

/**
 * @param {Buffer} code the body of a code section
 * @returns {Buffer[]} for each function, its locals and its instructions
 */
export function bodiesOf(code) {
  const bodies = [];
  let [count, at] = readNumber(code, 0);
  for (; count > 0; count--) {
    const [size, start] = readNumber(code, at);
    at = start + size;
    bodies.push(code.subarray(start, at));
  }
  return bodies;
}

/**
 * @param {readonly Uint8Array[]} bodies
 * @returns {Buffer} the body of a code section
 */
export function codeSection(bodies) {
  return list(bodies.map((body) => Buffer.concat([number(body.length), body])));
}
