/**
 * Replaces calls into JavaScript for what the module can do by itself. A run makes hundreds of them: C++ calls
 * functions that may throw through the imported `invoke`, which calls a function of the table inside try/catch, and it
 * reads the clock for each node.
 */
import {
  bodiesOf,
  codeSection,
  number,
  only,
  readNumber,
  readSections,
  SECTION,
  writeModule,
} from '../wasm-binary.mjs';
import { afterVariables } from './functions.ts';
import { CALL, instructionsOf } from './instructions.ts';
import { importedFunctions, type Signature, signaturesOf } from './signatures.ts';

/**
 * What replaces an imported function. `invoke` calls the table function that its first argument names with the other
 * arguments, whatever they are; it catches nothing, since a throw ends the instance anyway. `clock_gettime` writes the
 * time to the address in its third argument; the time is always 0, so that all runs are alike.
 */
export type Detour = 'invoke' | 'clock';

/** `local.get`, `call_indirect`, `i32.const`, `i64.const`, `i64.store`, `end` (§5.4). */
const [GET, CALL_INDIRECT, I32_CONST, I64_CONST, I64_STORE, END] = [0x20, 0x11, 0x41, 0x42, 0x37, 0x0b];
/** Alignment to eight bytes, as a power of two; and no offset. */
const ALIGNED = [3, 0];
const [NO_VARIABLES, FIRST_TABLE] = [0, 0];
const CLOCK = { parameters: 'i32 i64 i32', results: 'i32' };

/**
 * Appends a function for each of those imports and redirects calls to it. Imports keep their numbers, and table entries
 * stay as they are.
 *
 * @param detours by the name of the import
 */
export function withoutDetours(module: Uint8Array, detours: Readonly<Record<string, Detour>>): Buffer {
  const sections = readSections(module);
  const signatures = signaturesOf(only(sections, SECTION.type));
  const bodies = bodiesOf(only(sections, SECTION.code));
  const imports = importedFunctions(only(sections, SECTION.import));
  const own = new Map<number, { readonly type: number; readonly body: Buffer; readonly at: number }>();
  for (const [index, { name, type }] of imports.entries()) {
    const detour = detours[name];
    const signature = signatures[type];
    if (detour === undefined || signature === undefined) continue;
    const body = detour === 'invoke' ? invoke(signature, signatures) : clock(signature);
    own.set(index, { type, body, at: imports.length + bodies.length + own.size });
  }
  if (own.size !== Object.keys(detours).length) throw new Error('An import is not there by its name.');
  const direct = (body: Buffer): Buffer => {
    const pieces: Buffer[] = [];
    let copied = 0;
    for (const { opcode, at, end } of instructionsOf(body, afterVariables(body))) {
      const found = opcode === CALL ? own.get(readNumber(body, at + 1)[0]) : undefined;
      if (found === undefined) continue;
      pieces.push(body.subarray(copied, at), Buffer.from([CALL, ...number(found.at)]));
      copied = end;
    }
    return pieces.length === 0 ? body : Buffer.concat([...pieces, body.subarray(copied)]);
  };
  const [count, begin] = readNumber(only(sections, SECTION.function), 0);
  const appended = [...own.values()];
  const written = new Map<number, (body: Buffer) => Buffer>([
    [
      SECTION.function,
      (body) =>
        Buffer.concat([
          number(count + own.size),
          body.subarray(begin),
          ...appended.map(({ type }) => number(type)),
        ]),
    ],
    [SECTION.code, () => codeSection([...bodies.map(direct), ...appended.map(({ body }) => body)])],
  ]);
  return writeModule(sections.map(({ id, body }) => ({ id, body: written.get(id)?.(body) ?? body })));
}

function invoke({ parameters, results }: Signature, signatures: readonly Signature[]): Buffer {
  const [, ...handedOver] = parameters;
  const type = signatures.findIndex(
    (one) => one.parameters.join() === handedOver.join() && one.results.join() === results.join(),
  );
  if (type < 0) throw new Error(`No function has the type (${handedOver}) → (${results}).`);
  const given = handedOver.map((_, index) => Buffer.from([GET, ...number(index + 1)]));
  const called = Buffer.from([GET, 0, CALL_INDIRECT, ...number(type), FIRST_TABLE, END]);
  return Buffer.concat([Buffer.from([NO_VARIABLES]), ...given, called]);
}

function clock({ parameters, results }: Signature): Buffer {
  if (parameters.join(' ') !== CLOCK.parameters || results.join(' ') !== CLOCK.results)
    throw new Error(`The clock is of the type (${parameters}) → (${results}).`);
  return Buffer.from([NO_VARIABLES, GET, 2, I64_CONST, 0, I64_STORE, ...ALIGNED, I32_CONST, 0, END]);
}
