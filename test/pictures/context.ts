/** What `setup.ts` passes from Node to the tests inside workerd. */
declare module 'vitest' {
  export interface ProvidedContext {
    /** Base64 of picture files, by name. */
    pictures: Record<string, string>;
  }
}

export {};
