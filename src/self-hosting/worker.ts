/**
 * The Worker's entry points on your own machine, in plain workerd: those of `src/index.ts`, with replacements for what
 * Cloudflare provides. Files come from a folder, jobs run over another, requests are counted in this process, and the
 * caller's address is that of the connection, or what a proxy in front states.
 *
 * `self-hosting/configuration.ts` writes the configuration that names these classes.
 */
import { WorkerEntrypoint } from 'cloudflare:workers';
import { createMisconfiguredApp } from '../http/misconfigured.ts';
import MobilenetEdge, { Job } from '../index.ts';
import { SettingsError } from '../settings.ts';
import { withCallersAddress } from './callers-address.ts';
import { type ConsumerBinding, JobQueue, type Letter, type TryAgain } from './job-queue.ts';
import { createKept } from './kept.ts';
import { createMachine, type Machine, type MachineEnv } from './machine.ts';
import { metricsText } from './metrics.ts';
import { pageFor } from './pages.ts';

// The classes of Durable Objects; `export *` does not include a default export.
export * from '../index.ts';

const kept = createKept();

let machine: Machine | undefined;

function machineOf(env: MachineEnv): Machine {
  machine ??= createMachine(env);
  return machine;
}

export default class SelfHosted extends MobilenetEdge {
  readonly #machine: Machine;

  constructor(ctx: ExecutionContext, env: MachineEnv) {
    const found = machineOf(env);
    super(ctx, found.env);
    this.#machine = found;
  }

  override async fetch(request: Request): Promise<Response> {
    const { pages, addressHeader } = this.#machine;
    if (addressHeader instanceof SettingsError) return createMisconfiguredApp(addressHeader).fetch(request);
    const page = await pageFor(request, pages);
    return page ?? super.fetch(withCallersAddress(request, addressHeader));
  }
}

/** The environment for jobs as on Cloudflare: a bucket, a queue, and settings without those that are not set. */
class SelfHostedJob extends Job {
  constructor(ctx: DurableObjectState, env: MachineEnv) {
    super(ctx, machineOf(env).env);
  }
}

export { JobQueue, SelfHostedJob as Job };

/** The recipient of the job queue's messages, one by one. */
export class Consumer extends WorkerEntrypoint<MachineEnv> implements ConsumerBinding {
  async deliver({ id, body, attempts, isDead }: Letter): Promise<TryAgain | undefined> {
    let again: TryAgain | undefined;
    const retry = ({ delaySeconds = 0 }: QueueRetryOptions = {}) => {
      again = { delaySeconds };
    };
    const message = {
      id,
      timestamp: new Date(),
      body: JSON.parse(body),
      attempts,
      ack: () => undefined,
      retry,
    };
    const queue = isDead ? 'jobs-dead' : 'jobs';
    await new MobilenetEdge(this.ctx, machineOf(this.env).env).queue({
      ...{ queue, messages: [message], retryAll: retry },
    });
    return again;
  }
}

/** Answers on its own socket, for the operator only, because callers' names are in it. */
export class Metrics extends WorkerEntrypoint {
  override fetch(): Response {
    return new Response(metricsText(machine?.metrics), {
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    });
  }
}

/** The service behind the Cache API. */
export class Kept extends WorkerEntrypoint {
  override fetch(request: Request): Promise<Response> {
    return kept.fetch(request);
  }
}
