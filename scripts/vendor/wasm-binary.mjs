/**
 * WebAssembly modules as sections, and the numbers, texts and lists that sections are made of
 * (WebAssembly Core 2.0, §5). What a section means is left to those who read it.
 */

/** Magic number and version. */
const PREAMBLE = Buffer.from([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);

/** What the sections are called by (§5.5.2). */
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

/** What an import or an export is (§5.5.5). */
export const KIND = Object.freeze({ function: 0, table: 1, memory: 2, global: 3 });

/** Limits that have a minimum only, and the bit that says there is a maximum (§5.3.8). */
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
    if (at > bytes.length) throw new Error(`Section ${id} ends behind the module.`);
    sections.push({ id, body: bytes.subarray(start, at) });
  }
  return sections;
}

/**
 * @param {readonly Section[]} sections in the order that the specification wants
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
 * @returns {Buffer} the body of the one section of this kind
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
 * @returns {[string, number]} the text, and where what follows it starts
 */
export function readText(bytes, at) {
  const [length, start] = readNumber(bytes, at);
  return [bytes.toString('utf8', start, start + length), start + length];
}

/**
 * Unsigned LEB128 (§5.2.2): seven bits a byte, lowest first; the eighth says that more follow.
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
 * Signed LEB128, as constants in code are: the last byte's seventh bit is the sign.
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
 * @returns {[number, number]} the number, and where what follows it starts.
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
 * @returns {Buffer[]} of each function: its variables and its instructions
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
