/** The type of a wasm import, for the type check of pages, which do not have the types of Workers. */
declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}
