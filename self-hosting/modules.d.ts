/** A package without types of its own, as far as it is used here. */
declare module 'workerd' {
  /** Its only export, as CommonJS has it: where the program for this platform is. */
  const exported: { readonly default: string };
  export default exported;
}
