/**
 * The part of WebAssembly's text format (Core 3.0, §6) in which the kernels are written: each function returns the text
 * of one instruction, in execution order. Nothing reorders or removes any afterwards.
 */

/** A number is an `i32.const`, `$name` a local variable, and everything else the text of an expression. */
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
export const remainder = operator('i32.rem_u');
export const and = operator('i32.and');
export const or = operator('i32.or');
export const shiftLeft = operator('i32.shl');
export const shiftRight = operator('i32.shr_u');
export const equal = operator('i32.eq');
export const unequal = operator('i32.ne');
/** Unsigned comparison, as for addresses. */
export const less = operator('i32.lt_u');
export const greater = operator('i32.gt_u');
export const atLeast = operator('i32.ge_u');
export const floatUnequal = operator('f32.ne');
export const floatAdd = operator('f32.add');
export const floatMultiply = operator('f32.mul');
export const vectorAdd = operator('f32x4.add');
export const vectorMultiply = operator('f32x4.mul');
/** The larger or the smaller of the two; NaN in the first operand stays NaN. */
export const vectorMost = operator('f32x4.pmax');
export const vectorLeast = operator('f32x4.pmin');

/** Bytes of this many floats. */
export const bytes = (floats: Operand): string => shiftLeft(floats, 2);

export const float = (value: number): string => `(f32.const ${value})`;
export const vector = (value: number | '-inf'): string => `(v128.const f32x4${` ${value}`.repeat(4)})`;

/** a · b + c in one instruction, rounded once if the processor supports it: x86-64 with FMA, arm64. */
export function multiplyAdd(a: Operand, b: Operand, c: Operand): string {
  return `(f32x4.relaxed_madd ${[a, b, c].map(expression).join(' ')})`;
}

export const select = (one: Operand, other: Operand, condition: Operand): string =>
  `(select ${[one, other, condition].map(expression).join(' ')})`;

export const load = (at: Operand, offset = 0): string => `(i32.load offset=${offset} ${expression(at)})`;
export const loadFloat = (at: Operand, offset = 0): string => `(f32.load offset=${offset} ${expression(at)})`;
export const loadByte = (at: Operand): string => `(i32.load8_s ${expression(at)})`;
/** Four floats at any alignment. */
export const loadVector = (at: Operand, offset = 0): string =>
  `(v128.load offset=${offset} align=4 ${expression(at)})`;
/** Sixteen bytes at any alignment. */
export const loadBytes = (at: Operand): string => `(v128.load align=1 ${expression(at)})`;
/** Eight bytes, and eight zeros. */
export const loadEightBytes = (at: Operand): string => `(v128.load64_zero align=1 ${expression(at)})`;
/** One float, followed by three zeros. */
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
/** A lane of a vector: float `lane`, or for 64 bits floats 2 · `lane` and 2 · `lane` + 1. */
export const storeLane = (bits: 32 | 64, lane: number, at: Operand, value: Operand, offset = 0): string =>
  `(v128.store${bits}_lane offset=${offset} align=4 ${lane} ${expression(at)} ${expression(value)})`;

/** Floats of two vectors by index: 0 to 3 are the first's, 4 to 7 the second's. */
export function shuffle(first: Operand, second: Operand, lanes: readonly number[]): string {
  const order = lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
  return `(i8x16.shuffle ${order.join(' ')} ${expression(first)} ${expression(second)})`;
}
/** Bytes of a vector by their number, which another has; a 0 for each number from 128 on. */
export const swizzle = (from: Operand, numbers: Operand): string =>
  `(i8x16.relaxed_swizzle ${expression(from)} ${expression(numbers)})`;
/** Float `lane` of a vector, four times. */
export const spread = (from: Operand, lane: number): string => shuffle(from, from, [lane, lane, lane, lane]);
export const laneOf = (from: Operand, lane: number): string =>
  `(f32x4.extract_lane ${lane} ${expression(from)})`;

export const set = (name: string, value: Operand): string => `(local.set ${name} ${expression(value)})`;
export const increase = (name: string, by: Operand): string => set(name, add(name, by));
/** Increments a variable; the value of the expression is the new one. */
export const increased = (name: string, by: Operand): string => `(local.tee ${name} ${add(name, by)})`;

export const call = (name: string, ...operands: Operand[]): string =>
  `(call ${name} ${operands.map(expression).join(' ')})`;
export const zero = (at: Operand, count: Operand): string =>
  `(memory.fill ${expression(at)} (i32.const 0) ${expression(count)})`;

/** @param otherwise the else branch */
export function when(condition: Operand, then: Statements, otherwise: Statements = []): string {
  const branches = otherwise.length > 0 ? `${text(then)})\n(else ${text(otherwise)}` : text(then);
  return `(if ${expression(condition)} (then ${branches}))`;
}
/** Runs it once, and again while the condition holds afterwards. */
export const repeat = (label: string, body: Statements, condition: Operand): string =>
  `(loop ${label} ${text(body)} (br_if ${label} ${expression(condition)}))`;
/** Runs it while the condition holds. */
export const during = (label: string, condition: Operand, body: Statements): string =>
  loop(label, [when(condition, [...body, again(label)])]);

/** Runs it again where `again` says so. */
export const loop = (label: string, body: Statements): string => `(loop ${label} ${text(body)})`;
export const again = (label: string): string => `(br ${label})`;

export const trapIf = (...conditions: Operand[]): string => when(or(...conditions), ['(unreachable)']);

/**
 * A function without results.
 *
 * @param name with a `$`; an export has the name without it
 * @param parameters `a b: i32, c: v128`, in order
 * @param locals its local variables, in the same notation
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
