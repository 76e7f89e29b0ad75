/** The part of an untyped package that is used here. */
declare module 'workerd' {
  /** Its only export, in CommonJS: the path of the program for this platform. */
  const exported: { readonly default: string };
  export default exported;
}
