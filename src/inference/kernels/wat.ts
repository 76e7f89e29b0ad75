/**
 * WebAssembly's text format (Core 3.0, §6) as far as the kernels are written in it: each function here returns the
 * text of one instruction, in the order in which it is to run. Nothing reorders or removes any afterwards.
 */

/** A number is an `i32.const`, `$name` a variable, and all else the text of an expression. */
export type Operand = string | number;
export type Statements = readonly (string | Statements)[];

function expression(operand: Operand): string {
  if (typeof operand === 'number') return `(i32.const ${operand})`;
  return operand.startsWith('$') ? `(local.get ${operand})` : operand;
}

/** An instruction of two operands, or a chain of them from the left. */
function operator(name: string) {
  return (...operands: Operand[]): string =>
    operands.map(expression).reduce((left, right) => `(${name} ${left} ${right})`);
}

export const add = operator('i32.add');
export const subtract = operator('i32.sub');
export const multiply = operator('i32.mul');
export const divide = operator('i32.div_u');
export const and = operator('i32.and');
export const or = operator('i32.or');
export const shiftLeft = operator('i32.shl');
export const shiftRight = operator('i32.shr_u');
export const equal = operator('i32.eq');
export const unequal = operator('i32.ne');
/** Of numbers without a sign, as addresses are. */
export const less = operator('i32.lt_u');
export const greater = operator('i32.gt_u');
export const atLeast = operator('i32.ge_u');
export const floatUnequal = operator('f32.ne');
export const floatAdd = operator('f32.add');
export const floatMultiply = operator('f32.mul');
export const vectorAdd = operator('f32x4.add');
export const vectorMultiply = operator('f32x4.mul');
/** The first, or the second where that is larger, or smaller; what is no number in the first stays none. */
export const vectorMost = operator('f32x4.pmax');
export const vectorLeast = operator('f32x4.pmin');

/** Bytes of so many floats. */
export const bytes = (floats: Operand): string => shiftLeft(floats, 2);

export const float = (value: number): string => `(f32.const ${value})`;
export const vector = (value: number | '-inf'): string => `(v128.const f32x4${` ${value}`.repeat(4)})`;

/** a · b + c in one instruction, rounded once where the processor has it: x86-64 with FMA, arm64. */
export function multiplyAdd(a: Operand, b: Operand, c: Operand): string {
  return `(f32x4.relaxed_madd ${[a, b, c].map(expression).join(' ')})`;
}

export const select = (one: Operand, other: Operand, condition: Operand): string =>
  `(select ${[one, other, condition].map(expression).join(' ')})`;

export const load = (at: Operand, offset = 0): string => `(i32.load offset=${offset} ${expression(at)})`;
export const loadFloat = (at: Operand, offset = 0): string => `(f32.load offset=${offset} ${expression(at)})`;
export const loadByte = (at: Operand): string => `(i32.load8_s ${expression(at)})`;
/** Four floats, wherever they are. */
export const loadVector = (at: Operand, offset = 0): string =>
  `(v128.load offset=${offset} align=4 ${expression(at)})`;
/** Sixteen bytes, wherever they are. */
export const loadBytes = (at: Operand): string => `(v128.load align=1 ${expression(at)})`;
/** One float, and three zeros. */
export const loadZero = (at: Operand): string => `(v128.load32_zero ${expression(at)})`;
/** One float, four times. */
export const loadSplat = (at: Operand, offset = 0): string =>
  `(v128.load32_splat offset=${offset} ${expression(at)})`;

export const store = (at: Operand, value: Operand): string =>
  `(i32.store ${expression(at)} ${expression(value)})`;
export const storeFloat = (at: Operand, value: Operand): string =>
  `(f32.store ${expression(at)} ${expression(value)})`;
export const storeVector = (at: Operand, value: Operand, offset = 0): string =>
  `(v128.store offset=${offset} align=4 ${expression(at)} ${expression(value)})`;
/** A part of a vector: its float `lane`, or of 64 bits its floats 2 · `lane` and 2 · `lane` + 1. */
export const storeLane = (bits: 32 | 64, lane: number, at: Operand, value: Operand, offset = 0): string =>
  `(v128.store${bits}_lane offset=${offset} align=4 ${lane} ${expression(at)} ${expression(value)})`;

/** Floats of two vectors by their number: 0 to 3 are the first's, 4 to 7 the second's. */
export function shuffle(first: Operand, second: Operand, lanes: readonly number[]): string {
  const order = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
  return `(i8x16.shuffle ${order.join(' ')} ${expression(first)} ${expression(second)})`;
}
/** Float `lane` of a vector, four times. */
export const spread = (from: Operand, lane: number): string => shuffle(from, from, [lane, lane, lane, lane]);
export const laneOf = (from: Operand, lane: number): string =>
  `(f32x4.extract_lane ${lane} ${expression(from)})`;

export const set = (name: string, value: Operand): string => `(local.set ${name} ${expression(value)})`;
export const increase = (name: string, by: Operand): string => set(name, add(name, by));
/** Increases a variable; the expression is its new value. */
export const increased = (name: string, by: Operand): string => `(local.tee ${name} ${add(name, by)})`;

export const call = (name: string, ...operands: Operand[]): string =>
  `(call ${name} ${operands.map(expression).join(' ')})`;
export const zero = (at: Operand, count: Operand): string =>
  `(memory.fill ${expression(at)} (i32.const 0) ${expression(count)})`;

/** @param otherwise what is done if not */
export function when(condition: Operand, then: Statements, otherwise: Statements = []): string {
  const branches = otherwise.length > 0 ? `${text(then)})\n(else ${text(otherwise)}` : text(then);
  return `(if ${expression(condition)} (then ${branches}))`;
}
/** Does it once, and again as long as the condition holds afterwards. */
export const repeat = (label: string, body: Statements, condition: Operand): string =>
  `(loop ${label} ${text(body)} (br_if ${label} ${expression(condition)}))`;
/** Does it as long as the condition holds. */
export const during = (label: string, condition: Operand, body: Statements): string =>
  loop(label, [when(condition, [...body, again(label)])]);

/** Does it again where `again` says so. */
export const loop = (label: string, body: Statements): string => `(loop ${label} ${text(body)})`;
export const again = (label: string): string => `(br ${label})`;

export const trapIf = (...conditions: Operand[]): string => when(or(...conditions), ['(unreachable)']);

/**
 * A function without a result.
 *
 * @param name with a `$`; one that is exported is exported without it
 * @param parameters `a b: i32, c: v128`, in their order
 * @param locals its other variables, in the same notation
 */
export function func(
  name: string,
  parameters: string,
  locals: string,
  body: Statements,
  exported: 'exported' | 'internal' = 'internal',
): string {
  const as = exported === 'exported' ? `(export "${name.slice(1)}") ` : '';
  return `(func ${name} ${as}${variables('param', parameters)}\n${variables('local', locals)}\n${text(body)})`;
}

function variables(kind: 'param' | 'local', list: string): string {
  return list
    .split(',')
    .filter((group) => group.trim() !== '')
    .flatMap((group) => {
      const [names = '', type = ''] = group.split(':');
      return names
        .trim()
        .split(/\s+/)
        .map((name) => `(${kind} $${name} ${type.trim()})`);
    })
    .join(' ');
}

function text(statements: Statements): string {
  return statements.map((one) => (typeof one === 'string' ? one : text(one))).join('\n');
}

/** 0 to `count` − 1. */
export const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
