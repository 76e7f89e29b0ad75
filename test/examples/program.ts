/** Runs programs as a reader of the examples would. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** Enough for a start of Python with a slow disk, and some dozens of pictures. */
const PROGRAM_MS = 60_000;

export interface Run {
  readonly code: number | null;
  readonly output: string;
}

export interface RunOptions {
  readonly env?: Record<string, string>;
  /** The working folder, which keeps the output. */
  readonly cwd?: string;
  /** Called from time to time while it runs; when this returns true, it is killed as by a power cut. */
  readonly killWhen?: () => boolean;
}

/** @param args the first is a file below the project. */
export async function runProgram(
  command: string,
  [file = '', ...args]: readonly string[],
  { env = {}, cwd, killWhen }: RunOptions = {},
): Promise<Run> {
  const child = spawn(command, [path.join(ROOT, file), ...args], {
    env: { ...process.env, ...env },
    ...(cwd && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PROGRAM_MS,
  });
  const watch = setInterval(() => killWhen?.() && child.kill('SIGKILL'), 10);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  clearInterval(watch);
  return { code: typeof code === 'number' ? code : null, output };
}
