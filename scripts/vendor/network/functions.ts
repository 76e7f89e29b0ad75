/** The functions of a module, which keep their numbers when their bodies change. */
import {
  bodiesOf,
  codeSection,
  only,
  readNumber,
  readSections,
  SECTION,
  signedNumber,
  writeModule,
} from '../wasm-binary.mjs';

/** No local variables, and the two instructions `unreachable` and `end` (§5.4.1). */
export const TRAP = Buffer.from([0x00, 0x00, 0x0b]);
/** `i32.const`, and `i32.store8` without alignment and offset (§5.4.6, §5.4.7). */
const [I32_CONST, STORE_BYTE] = [0x41, [0x3a, 0x00, 0x00]];

/** Replaces each function that was not called by one that only traps. */
export function withoutUncalled(module: Uint8Array, called: (index: number) => boolean): Buffer {
  return withBodies(module, (body, index) => (called(index) ? body : TRAP));
}

/** Makes every function store a 1 when it is called: the first at address `marks`, each further one a byte later. */
export function withMarks(module: Uint8Array, marks: number): Buffer {
  return withBodies(module, (body, index) => {
    const begin = afterVariables(body);
    const address = signedNumber(marks + index);
    const mark = Buffer.from([I32_CONST, ...address, I32_CONST, 1, ...STORE_BYTE]);
    return Buffer.concat([body.subarray(0, begin), mark, body.subarray(begin)]);
  });
}

function withBodies(module: Uint8Array, rewrite: (body: Buffer, index: number) => Buffer): Buffer {
  const sections = readSections(module);
  const code = codeSection(bodiesOf(only(sections, SECTION.code)).map(rewrite));
  return writeModule(sections.map(({ id, body }) => ({ id, body: id === SECTION.code ? code : body })));
}

/** Locals are pairs of a count and a type, which is one byte here (§5.4.13). */
export function afterVariables(body: Buffer): number {
  let [groups, at] = readNumber(body, 0);
  for (; groups > 0; groups--) at = readNumber(body, at)[1] + 1;
  return at;
}
