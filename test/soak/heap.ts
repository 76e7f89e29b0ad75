/**
 * The memory that V8 holds for the Worker, according to its inspector: the heap, and the buffers outside it.
 *
 * Resident memory also varies by tens of megabytes that the allocator has not returned. This does not.
 */

/** @see https://chromedevtools.github.io/devtools-protocol/tot/Runtime/#method-getHeapUsage */
interface HeapUsage {
  readonly usedSize: number;
  /** ArrayBuffers and wasm memories. */
  readonly backingStorageSize: number;
}

interface Message {
  readonly id?: number;
  readonly result?: HeapUsage;
}

const BYTES_IN_MIB = 2 ** 20;
/** A busy Worker answers after its present request. */
const TIMEOUT_MILLISECONDS = 60_000;

export interface Usage {
  /** MiB of JavaScript values. */
  readonly values: number;
  /** MiB of buffers outside the heap. */
  readonly buffers: number;
}

export interface Heap {
  usage(): Promise<Usage>;
  /** MiB of both. */
  mebibytes(): Promise<number>;
  close(): void;
}

/** @param inspector its address, such as http://127.0.0.1:9229. */
export async function openHeap(inspector: string): Promise<Heap> {
  // wrangler accepts only clients that send a local page's origin, and Node sends none by itself.
  const init = { headers: { origin: 'http://localhost', 'user-agent': 'mobilenet-edge-soak' } };
  // Node's WebSocket takes headers in place of protocols; the DOM's type, which applies here, does not.
  const socket = new WebSocket(`${inspector.replace(/^http/, 'ws')}/ws`, init as never);
  const pending = new Map<number, (usage: HeapUsage) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result }: Message = JSON.parse(String(data));
    if (id === undefined || result === undefined) return;
    pending.get(id)?.(result);
    pending.delete(id);
  });
  await opened(socket);
  let last = 0;

  async function usage(): Promise<Usage> {
    const id = ++last;
    const { promise, resolve, reject } = Promise.withResolvers<HeapUsage>();
    pending.set(id, resolve);
    socket.send(JSON.stringify({ id, method: 'Runtime.getHeapUsage' }));
    const timer = setTimeout(reject, TIMEOUT_MILLISECONDS, new Error('the inspector does not answer'));
    const { usedSize, backingStorageSize } = await promise.finally(() => clearTimeout(timer));
    return { values: usedSize / BYTES_IN_MIB, buffers: backingStorageSize / BYTES_IN_MIB };
  }

  return {
    usage,
    async mebibytes() {
      const { values, buffers } = await usage();
      return values + buffers;
    },
    close: () => socket.close(),
  };
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('the inspector does not answer')));
  });
}
