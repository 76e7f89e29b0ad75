/** Nested lists of numbers, as TensorFlow Serving writes tensors in JSON. */
import { fail, ok, type Result } from '../../../failure.ts';
import { PUBLIC_INPUT_FLOATS, PUBLIC_INPUT_SHAPE } from '../../../inference/tensor.ts';

const [ROWS, COLUMNS, CHANNELS] = PUBLIC_INPUT_SHAPE;

/**
 * Validates and flattens one instance in loops of our own: 150,528 numbers are too many for a schema.
 *
 * @param value lists of 224 rows of 224 pixels of 3 numbers: RGB in [0, 1]. Numbers outside are accepted, as in
 *   TensorFlow Serving, because a bicubic resize overshoots.
 * @param field its name in an error.
 * @returns 150,528 floats, NHWC; or `field_invalid` with the path of the first invalid element.
 */
export function readTensor(value: readonly unknown[], field: string): Result<Float32Array> {
  if (value.length !== ROWS) return misshapen(field, `must be ${ROWS} rows`, value);
  const floats = new Float32Array(PUBLIC_INPUT_FLOATS);
  let at = 0;
  for (let y = 0; y < ROWS; y++) {
    const row: unknown = value[y];
    if (!isListOf(row, COLUMNS)) return misshapen(`${field}.${y}`, `must be ${COLUMNS} pixels`, row);
    for (let x = 0; x < COLUMNS; x++) {
      const pixel: unknown = row[x];
      if (!isListOf(pixel, CHANNELS)) {
        return misshapen(`${field}.${y}.${x}`, 'must be [red, green, blue]', pixel);
      }
      for (let channel = 0; channel < CHANNELS; channel++) {
        const number: unknown = pixel[channel];
        if (typeof number !== 'number' || !Number.isFinite(Math.fround(number))) {
          return misshapen(`${field}.${y}.${x}.${channel}`, 'must be a float32', number);
        }
        floats[at++] = number;
      }
    }
  }
  return ok(floats);
}

function isListOf(value: unknown, length: number): value is readonly unknown[] {
  return Array.isArray(value) && value.length === length;
}

function misshapen(field: string, expected: string, found: unknown) {
  const reason = `${expected}, and is ${kind(found)}; an instance is [${PUBLIC_INPUT_SHAPE.join('][')}] numbers in [0, 1]`;
  return fail({ code: 'field_invalid', field, reason });
}

function kind(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'number') return 'a number out of its range';
  return value === null ? 'null' : `of type ${typeof value}`;
}
