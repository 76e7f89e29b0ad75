/** The globals of a module, which are not part of its memory. */
import {
  KIND,
  list,
  number,
  only,
  readNumber,
  readSections,
  SECTION,
  signedNumber,
  text,
  writeModule,
} from '../wasm-binary.mjs';

const PREFIX = 'global ';
/** An i32 global; `i32.const`; the end of an expression (§5.4.7, §5.4.9). */
const [I32, VARIABLE, I32_CONST, END] = [0x7f, 0x01, 0x41, 0x0b];

/** @returns the module with every global exported */
export function withGlobalsExported(module: Uint8Array): Uint8Array {
  const sections = readSections(module);
  const [count] = readNumber(only(sections, SECTION.global), 0);
  const exported = Array.from({ length: count }, (_, index) =>
    Buffer.concat([text(PREFIX + index), Buffer.from([KIND.global]), number(index)]),
  );
  return writeModule(
    sections.map(({ id, body }) => {
      if (id !== SECTION.export) return { id, body };
      const [exports, after] = readNumber(body, 0);
      return { id, body: Buffer.concat([number(exports + count), body.subarray(after), ...exported]) };
    }),
  );
}

/** @returns their present values, by index */
export function globalsIn({ exports }: WebAssembly.Instance): number[] {
  return Object.entries(exports)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, exported]) => {
      const value: unknown = exported instanceof WebAssembly.Global ? exported.value : undefined;
      if (typeof value !== 'number') throw new Error(`${name} is not of 32 bits.`);
      return value;
    });
}

/** @returns the body of a global section with these initial values */
export function globalSection(values: readonly number[]): Buffer {
  return list(
    values.map((value) =>
      Buffer.concat([Buffer.from([I32, VARIABLE, I32_CONST]), signedNumber(value), Buffer.from([END])]),
    ),
  );
}
