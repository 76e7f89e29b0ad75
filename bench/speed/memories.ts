/**
 * Records the memory of every wasm instance created after this import, because packages do not expose theirs.
 */
const memories = new Set<WebAssembly.Memory>();

/** Total size now, in bytes. */
export function wasmBytes(): number {
  let bytes = 0;
  for (const { buffer } of memories) bytes += buffer.byteLength;
  return bytes;
}

function note(imports: WebAssembly.Imports | undefined, instance: WebAssembly.Instance): void {
  const imported = Object.values(imports ?? {}).flatMap((functions) => Object.values(functions));
  for (const value of [...imported, ...Object.values(instance.exports)]) {
    if (value instanceof WebAssembly.Memory) memories.add(value);
  }
}

const { Instance, instantiate } = WebAssembly;

function NotedInstance(module: WebAssembly.Module, imports?: WebAssembly.Imports): WebAssembly.Instance {
  const instance = new Instance(module, imports);
  note(imports, instance);
  return instance;
}
NotedInstance.prototype = Instance.prototype;

async function noted(source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) {
  const made: unknown = await Reflect.apply(instantiate, WebAssembly, [source, imports]);
  const instance = made instanceof Instance ? made : (made as { instance: WebAssembly.Instance }).instance;
  note(imports, instance);
  return made;
}

/** workerd has no streaming compilation: it compiles nothing that arrives over a network. */
const streamed = async (source: Promise<Response>, imports?: WebAssembly.Imports) =>
  noted(await (await source).arrayBuffer(), imports);

Object.assign(WebAssembly, {
  Instance: NotedInstance,
  instantiate: noted,
  ...('instantiateStreaming' in WebAssembly ? { instantiateStreaming: streamed } : {}),
});
