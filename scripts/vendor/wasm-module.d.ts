/** What an import of wasm is, for the check of pages, which do without the types of Workers. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
