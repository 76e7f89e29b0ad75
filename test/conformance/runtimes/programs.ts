/** Other JavaScript runtimes: other Nodes, Deno and Bun, as installed from npm for this platform. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

export interface Runtime {
  readonly name: string;
  readonly command: string;
  /** Arguments before the program's file. */
  readonly args: readonly string[];
}

const exe = process.platform === 'win32' ? '.exe' : '';

/** @param modules where they are installed; their own install scripts are not needed. */
export function runtimes(modules: string): readonly Runtime[] {
  return [
    { name: 'Node of this run', command: process.execPath, args: [] },
    ...packaged(modules, 'node-', path.join('bin', `node${exe}`), 'Node 20', []),
    ...packaged(path.join(modules, '@deno'), '', `deno${exe}`, 'Deno', ['run', '--quiet', '--allow-all']),
    ...packaged(path.join(modules, '@oven'), 'bun-', path.join('bin', `bun${exe}`), 'Bun', ['run']),
  ];
}

function packaged(
  folder: string,
  prefix: string,
  file: string,
  name: string,
  args: readonly string[],
): readonly Runtime[] {
  const found = existsSync(folder) ? readdirSync(folder).filter((entry) => entry.startsWith(prefix)) : [];
  const command = found.map((entry) => path.join(folder, entry, file)).find((place) => existsSync(place));
  return command === undefined ? [] : [{ name, command, args }];
}
