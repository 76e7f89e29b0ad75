/** What `npm run serve` starts, for a check: on free ports, with its own state and settings. */
import type { ChildProcess } from 'node:child_process';
import { claimPort, LOOPBACK } from '../../scripts/dev-server.mjs';
import { ended, stop } from '../../scripts/process.mjs';
import { serve } from '../../scripts/serve.mjs';

const TRIES = 300;
const TRY_MS = 100;

export interface SelfHosted {
  readonly url: string;
  readonly metricsUrl: string;
  readonly pid: number | undefined;
  /** Its output so far. */
  output(): string;
  /** Asks it to exit. @returns its exit code. */
  close(): Promise<number>;
  /** Kills it as a power cut would. */
  kill(): Promise<void>;
}

/** @throws if it does not answer within half a minute. */
export async function startSelfHosted(state: string, env: Record<string, string>): Promise<SelfHosted> {
  const [port, metricsPort] = [await claimPort(LOOPBACK, 0), await claimPort(LOOPBACK, 0)];
  const child = serve({ ip: LOOPBACK, port, metricsPort, state }, { env, output: 'pipe' });
  const output = collected(child);
  const url = `http://${LOOPBACK}:${port}`;
  for (let tries = 0; tries < TRIES && child.exitCode === null; tries++) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined)
      return {
        url,
        metricsUrl: `http://${LOOPBACK}:${metricsPort}/metrics`,
        pid: child.pid,
        output,
        close: () => close(child),
        async kill() {
          const gone = ended(child);
          child.kill('SIGKILL');
          await gone;
        },
      };
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
  await stop(child);
  throw new Error(`it does not answer:\n${output()}`);
}

async function close(child: ChildProcess): Promise<number> {
  const code = ended(child);
  await stop(child);
  return code;
}

function collected(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      text += data.toString();
    });
  }
  return () => text;
}
