/**
 * The part of Node's zlib that is used, which Workers have had without a flag since the compatibility date 2026-08-04
 * (https://developers.cloudflare.com/workers/runtime-apis/nodejs/zlib/). The Worker's types do not include Node's
 * modules, and Node's own types would offer all of them.
 */
declare module 'node:zlib' {
  /** A Transform of Node's. */
  interface Inflater extends AsyncIterable<Uint8Array> {
    /** @param written called when all output of the chunk has been read. */
    write(chunk: Uint8Array, written: (error?: Error | null) => void): boolean;
    /** Bytes of output that have not been read yet. */
    readonly readableLength: number;
    end(): void;
    destroy(error?: Error): void;
  }

  /** Inflates all members, one after the other. */
  function createGunzip(): Inflater;
  /** Inflates the zlib format (RFC 1950). */
  function createInflate(): Inflater;
  /** Inflates raw deflate data (RFC 1951). */
  function createInflateRaw(): Inflater;
}
