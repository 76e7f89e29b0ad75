/**
 * Counts the buffers that JavaScript allocates. workerd does not report them, so the constructors are replaced by
 * counting ones.
 *
 * Within a request nothing is subtracted: buffers that could already be collected count as held. So the sum is never
 * less than what is alive. Import this first, because it replaces globals.
 */

let made = 0;

/** Bytes allocated since `startCounting`. */
export function madeBytes(): number {
  return made;
}

export function startCounting(): void {
  made = 0;
}

const KINDS = [
  'ArrayBuffer',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'Float32Array',
  'Float64Array',
] as const;

for (const kind of KINDS) {
  const original: (typeof globalThis)[typeof kind] = globalThis[kind];
  const construct = (target: typeof original, args: unknown[]): object => {
    const buffer: ArrayBuffer | ArrayBufferView = Reflect.construct(target, args);
    // A view of an existing buffer allocates none.
    if (!isBuffer(args[0])) made += buffer.byteLength;
    return buffer;
  };
  const counting = new Proxy(original, { construct });
  Object.assign(globalThis, { [kind]: counting });
  // `slice` and similar methods allocate through this.
  original.prototype.constructor = counting;
}

const { resize } = ArrayBuffer.prototype;
ArrayBuffer.prototype.resize = function (bytes) {
  made += Math.max(0, (bytes ?? 0) - this.byteLength);
  resize.call(this, bytes);
};

function isBuffer(value: unknown): boolean {
  return value instanceof ArrayBuffer || value instanceof SharedArrayBuffer;
}
