/**
 * Changes ogv's AV1 decoder at installation, in addition to the memory that is lent to it (`lend-memory.mjs`).
 *
 * `src/image/av1/dav1d.ts` uses the result. No code is compiled: an export is added and two bytes are replaced.
 */
import { KIND, number, only, readNumber, readSections, SECTION, text, writeModule } from './wasm-binary.mjs';

const I32 = 0x7f;
const MUTABLE = 1;

/**
 * Exports the linker's stack pointer, so that the caller can move the stack to a place with more room than the 64 KiB
 * of the module's build: dav1d's loop restoration alone takes 283 KiB and would overwrite the tables below.
 *
 * @param {Uint8Array} module with one global, a mutable i32.
 * @param {string} name of the export.
 * @returns {Buffer} the rewritten module.
 */
export function exportStack(module, name) {
  const sections = readSections(module);
  const globals = only(sections, SECTION.global);
  const [count, after] = readNumber(globals, 0);
  if (count !== 1 || globals[after] !== I32 || globals[after + 1] !== MUTABLE) {
    throw new Error('The module has not one global, a mutable i32.');
  }
  const exported = only(sections, SECTION.export);
  const [exports, afterCount] = readNumber(exported, 0);
  const added = [text(name), Buffer.from([KIND.global]), number(0)];
  const body = Buffer.concat([number(exports + 1), exported.subarray(afterCount), ...added]);
  return writeModule(sections.map((one) => (one.id === SECTION.export ? { id: one.id, body } : one)));
}

/**
 * ogv's callback, which receives the decoded picture, aborts unless it is 4:2:0: `local.get 0; i32.load offset=36;
 * i32.const 1; i32.ne; br_if 1` (WebAssembly Core 2.0, §5.4). The layout is at 36.
 */
const LAYOUT_CHECK = Buffer.from([0x20, 0x00, 0x28, 0x02, 0x24, 0x41, 0x01, 0x47, 0x0d, 0x01]);
/** `drop; nop`, which replaces `br_if 1`. */
const PASSED = Buffer.from([0x1a, 0x01]);

/**
 * Makes the callback hand out the planes of every layout: 4:2:0, 4:2:2, 4:4:4 and grey.
 *
 * @param {Uint8Array} module
 * @returns {Buffer} the rewritten module.
 */
export function handOutAnyLayout(module) {
  const bytes = Buffer.from(module);
  const at = bytes.indexOf(LAYOUT_CHECK);
  if (at === -1 || bytes.indexOf(LAYOUT_CHECK, at + 1) !== -1) {
    throw new Error('The check of the layout is not there once.');
  }
  PASSED.copy(bytes, at + LAYOUT_CHECK.length - PASSED.length);
  return bytes;
}
