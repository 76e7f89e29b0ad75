/**
 * Counts the buffers that JavaScript makes. workerd does not say how many there are, so the constructors count.
 *
 * Nothing is ever taken off within a request: what could already be collected counts as held. So the sum is
 * more than what is alive, never less. Imported first: it stands in for the globals.
 */

let made = 0;

/** Bytes made since `startCounting`. */
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
    // A view of a buffer that is already there makes none.
    if (!isBuffer(args[0])) made += buffer.byteLength;
    return buffer;
  };
  const counting = new Proxy(original, { construct });
  Object.assign(globalThis, { [kind]: counting });
  // `slice` and the like make theirs through this.
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
