/**
 * The globals of a browser's worker that the two TFLite builds look for: a way to run a script and to fetch a file.
 *
 * Both packages include builds with threads, which need more of a browser. They get the builds without threads, since
 * one thread is measured anyway.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import vm from 'node:vm';

/** @param folder the package's folder of wasm files, with a slash at the end. */
export function actAsWorker(folder: string): void {
  const onDisk = (url: unknown) => String(url).replace('file://', '').replace('_threaded', '');
  Object.assign(globalThis, {
    self: globalThis,
    require: createRequire(import.meta.url),
    exports: {},
    __filename: `${folder}script.js`,
    __dirname: folder,
    location: { origin: 'file://', href: `file://${folder}`, pathname: folder },
    importScripts: (url: string) => vm.runInThisContext(readFileSync(onDisk(url), 'utf8')),
    fetch: async (url: unknown) =>
      new Response(readFileSync(onDisk(url)), { headers: { 'content-type': 'application/wasm' } }),
  });
}
