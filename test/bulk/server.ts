/** The Worker of a run, which is killed and started again with the same state. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claimPort, LOOPBACK, startWorker } from '../../scripts/dev-server.mjs';
import { stop } from '../../scripts/process.mjs';

const WORKER = 'test/bulk/worker.ts';
const START_MILLISECONDS = 120_000;
/** A request that cannot connect is repeated, because the Worker is about to start. */
const TRIES = 60;

export interface Server {
  /** Sends a request, and repeats it while the Worker is down. */
  ask(path: string, init?: RequestInit): Promise<Response>;
  start(): Promise<void>;
  /** Ends it normally, or kills it as a power cut would. */
  end(how: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  inspector(): string;
}

/** @param worker its entry point. */
export function createServer(vars: Readonly<Record<string, string>>, worker = WORKER): Server {
  const state = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-bulk-'));
  process.once('exit', () => rmSync(state, { recursive: true, force: true }));
  let running: ReturnType<typeof startWorker> | undefined;
  let [url, inspectorPort] = ['', 0];

  async function ask(where: string, init?: RequestInit): Promise<Response> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fetch(url + where, init);
      } catch (error) {
        if (attempt === TRIES) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  return {
    ask,
    inspector: () => `http://${LOOPBACK}:${inspectorPort}`,

    async start() {
      inspectorPort = await claimPort(LOOPBACK, 0);
      running = startWorker({
        ip: LOOPBACK,
        port: await claimPort(LOOPBACK, 0),
        args: [
          // Not first: the argument before it is a list and would swallow it.
          ...[
            '--persist-to',
            state,
            worker,
            '--inspector-port',
            String(inspectorPort),
            '--log-level',
            'error',
          ],
          ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
        ],
        output: 'pipe',
      });
      running.child.stdout?.resume();
      running.child.stderr?.resume();
      const timer = setTimeout(() => process.exit(1), START_MILLISECONDS);
      url = await running.ready;
      clearTimeout(timer);
    },

    async end(how) {
      const { child } = running ?? {};
      if (child?.pid === undefined) return;
      if (how === 'SIGTERM') return stop(child);
      const gone = once(child, 'exit');
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, how);
      await gone;
    },
  };
}
