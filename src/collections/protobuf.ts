/**
 * Writes the part of the protocol buffers wire format that an ONNX file needs.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */

/** A field of a message, or a message: concatenated bytes. */
export type Field = Uint8Array;

const VARINT = 0;
const LENGTH = 2;

/** @param value a nonnegative integer. */
export function integer(field: number, value: number): Field {
  return joined(tag(field, VARINT), varint(value));
}

/** A nested message, or anything else with a length prefix. */
export function nested(field: number, ...parts: readonly Field[]): Field {
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  return joined(tag(field, LENGTH), varint(length), ...parts);
}

export function text(field: number, value: string): Field {
  return nested(field, new TextEncoder().encode(value));
}

/** Numbers in the machine's byte order, which is little-endian wherever Workers run. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Field {
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

export function joined(...parts: readonly Field[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

function tag(field: number, type: number): Field {
  return varint(field * 8 + type);
}

/** Seven bits per byte, the least significant first. */
function varint(value: number): Field {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
