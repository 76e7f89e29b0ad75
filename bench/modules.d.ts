/** What the programs here import through `wasm-import.ts`: wasm files as compiled modules, as wrangler does. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
