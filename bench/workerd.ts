/**
 * Runs a built Worker in its own workerd, without wrangler, and measures that process.
 *
 * Memory and CPU are read from /proc, so Linux only. Code inside the Worker cannot read them.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claimPort, LOOPBACK } from '../scripts/dev-server.mjs';

const MODULE_KINDS: Readonly<Record<string, string>> = {
  '.wasm': 'wasm',
  '.onnx': 'data',
  '.text': 'text',
};
const COMPATIBILITY_DATE = '2026-10-01';
const COMPATIBILITY_FLAGS = ['global_fetch_strictly_public', 'enable_request_signal'];
const WORKERD = 'node_modules/.bin/workerd';
const NS_IN_MS = 1e6;
const PAGES_IN_MIB = 256;
/** All requests of a measurement come from one caller, and none may be answered from a cache. */
const VARS = { ALLOW_ANONYMOUS: 'true', RATE_LIMIT_REQUESTS: '0', CACHE_SECONDS: '0' };

export interface Server {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface WorkerdOptions {
  readonly vars?: Readonly<Record<string, string>>;
  /** Replacement for a module's file; undefined leaves it as it is. */
  readonly instead?: (name: string) => Uint8Array | undefined;
  /**
   * Durable Objects with SQLite: binding names to the classes that the script exports. Their files are deleted at the
   * end.
   */
  readonly objects?: Readonly<Record<string, string>>;
}

/**
 * Starts a Worker; does not wait until it answers.
 *
 * @param folder the output of `wrangler deploy --dry-run --outdir`.
 */
export async function startWorkerd(
  folder: string,
  { vars = {}, instead = () => undefined, objects = {} }: WorkerdOptions = {},
): Promise<Server> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'workerd-'));
  const port = await claimPort(LOOPBACK, 0);
  const names = modulesOf(folder);
  for (const name of names) {
    writeFileSync(path.join(scratch, name), instead(name) ?? readFileSync(path.join(folder, name)));
  }
  const storage = path.join(scratch, 'objects');
  mkdirSync(storage);
  const config = compiled(
    scratch,
    configuration(names, port, { ...VARS, ...vars }, { storage, classes: objects }),
  );
  const child = spawn(WORKERD, ['serve', '--binary', config], { stdio: ['ignore', 'ignore', 'inherit'] });
  return {
    ...serverOf(child, `http://${LOOPBACK}:${port}`),
    async stop() {
      await end(child);
      rmSync(scratch, { recursive: true });
    },
  };
}

/**
 * A binary configuration that contains the modules, as wrangler passes it too. With a text configuration, the measured
 * process would first copy every module several times.
 */
function compiled(folder: string, text: string): string {
  const [source, binary] = [path.join(folder, 'config.capnp'), path.join(folder, 'config.bin')];
  writeFileSync(source, text);
  const output = openSync(binary, 'w');
  const { status } = spawnSync(WORKERD, ['compile', '--config-only', source], {
    stdio: ['ignore', output, 'inherit'],
  });
  closeSync(output);
  if (status !== 0) throw new Error(`workerd does not read ${source}`);
  return binary;
}

export function serverOf(child: ChildProcess, url: string): Server {
  if (child.pid === undefined) throw new Error(`${child.spawnfile} does not start`);
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  child.once('exit', () => process.off('exit', orphaned));
  return { url, pid: child.pid, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
}

/** Asks until there is an answer. @throws if there is none within some 30 seconds. */
export async function firstAnswer(url: string, init: () => RequestInit = () => ({})): Promise<Response> {
  for (let tries = 0; tries < 6000; tries++) {
    const answer = await fetch(url, init()).catch(() => undefined);
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${url} does not answer`);
}

/** CPU time that a process has used, in milliseconds: the sum over its threads, none of which may have ended. */
export function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanoseconds = threads.map((thread) => {
    const [onCpu] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    return Number(onCpu);
  });
  return nanoseconds.reduce((sum, one) => sum + one, 0) / NS_IN_MS;
}

export function residentMiB(pid: number): number {
  const [, resident] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return Number(resident) / PAGES_IN_MIB;
}

/** The first one is the main module. */
function modulesOf(folder: string): readonly string[] {
  const others = readdirSync(folder).filter((name) => path.extname(name) in MODULE_KINDS);
  const script = readdirSync(folder).filter((name) => path.extname(name) === '.js');
  if (script.length !== 1) throw new Error(`${folder} should hold one script, not ${script.length}`);
  return [...script, ...others];
}

function configuration(
  names: readonly string[],
  port: number,
  vars: Readonly<Record<string, string>>,
  { storage, classes }: { readonly storage: string; readonly classes: Readonly<Record<string, string>> },
): string {
  const modules = names.map((name) => {
    const kind = MODULE_KINDS[path.extname(name)] ?? 'esModule';
    return `(name = "${name}", ${kind} = embed "${name}")`;
  });
  const bindings = Object.entries(vars).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  const namespaces = Object.values(classes).map(
    (name) => `(className = "${name}", uniqueKey = "bench-${name}", enableSql = true)`,
  );
  for (const [name, of] of Object.entries(classes))
    bindings.push(`(name = "${name}", durableObjectNamespace = "${of}")`);
  return `
    using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [
        (name = "main", worker = .worker),
        (name = "storage", disk = (path = "${storage}", writable = true))
      ],
      sockets = [(name = "http", address = "${LOOPBACK}:${port}", http = (), service = "main")]
    );
    const worker :Workerd.Worker = (
      modules = [${modules.join(', ')}],
      compatibilityDate = "${COMPATIBILITY_DATE}",
      compatibilityFlags = [${COMPATIBILITY_FLAGS.map((flag) => `"${flag}"`).join(', ')}],
      bindings = [${bindings.join(', ')}],
      durableObjectNamespaces = [${namespaces.join(', ')}],
      durableObjectStorage = (localDisk = "storage")
    );`;
}
