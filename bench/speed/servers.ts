/** The servers that are measured: our Worker, the obvious composition, and native code. Each is its own process. */
import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { run } from '../../scripts/process.mjs';
import { PROJECT, tool } from '../../scripts/toolchain.mjs';
import { type Server, serverOf } from '../workerd.ts';
import { PEERS_FOLDER } from './inference/peers.ts';
import type { Picture } from './pictures.ts';

const CONFIGURATIONS: Readonly<Record<keyof Bundles, string>> = {
  ours: 'wrangler.toml',
  parts: 'bench/speed/workers/parts.toml',
  obvious: 'bench/speed/workers/obvious.toml',
};

/** Folders with one Worker each. */
export interface Bundles {
  /** Ours as deployed. */
  readonly ours: string;
  /** The same, with its parts available one by one. */
  readonly parts: string;
  readonly obvious: string;
}

export async function bundles(): Promise<Bundles> {
  return { ours: await bundle('ours'), parts: await bundle('parts'), obvious: await bundle('obvious') };
}

/** Bundles a Worker as for a deployment. @returns its folder. */
async function bundle(name: keyof Bundles): Promise<string> {
  const folder = path.join(PROJECT, 'build', 'bench', name);
  // Modules are named by their contents: those of earlier builds would be loaded too.
  rmSync(folder, { recursive: true, force: true });
  const options = ['--config', CONFIGURATIONS[name], '--env=', '--outdir', folder];
  const command = tool('wrangler', ['deploy', '--dry-run', ...options]);
  if ((await run(command, { env: { WRANGLER_LOG: 'error' } })) !== 0)
    throw new Error(`${name} does not bundle`);
  return folder;
}

export async function startNative(): Promise<Server> {
  const child = fork(new URL('native-server.ts', import.meta.url), [path.join(PEERS_FOLDER, 'float.onnx')], {
    execArgv: [],
  });
  const { address, port } = await new Promise<AddressInfo>((resolve, reject) => {
    child.once('message', (message) => resolve(message as AddressInfo));
    child.once('exit', (code) => reject(new Error(`the native server ended with code ${code}`)));
  });
  return serverOf(child, `http://${address}:${port}/`);
}

/** @returns the first class's index. @throws if there is no prediction. */
export async function classify(url: string, { name, file }: Picture): Promise<number> {
  const response = await fetch(url, { method: 'POST', body: file });
  const text = await response.text();
  const [, index] = /"index":(\d+)/.exec(text) ?? [];
  if (!response.ok || index === undefined)
    throw new Error(`${url}, ${name}: ${response.status} ${text.slice(0, 200)}`);
  return Number(index);
}
