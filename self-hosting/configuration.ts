/**
 * The configuration with which plain workerd runs the Worker, made from wrangler.toml and the settings.
 *
 * @see https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp
 */
import path from 'node:path';
import { unstable_readConfig as readConfig } from 'wrangler';
import { settingsSchema } from '../src/settings.ts';

/** What workerd takes the files of a bundle for. The first module is the main module. */
const MODULE_KINDS: Readonly<Record<string, string>> = {
  '.js': 'esModule',
  '.wasm': 'wasm',
  '.text': 'text',
};

/** An additional setting: the header in which a proxy states the caller's address. */
const MACHINE_SETTINGS = ['CLIENT_ADDRESS_HEADER'];

/** The part of wrangler.toml that is read; the types of wrangler's package are broken. */
interface Wrangler {
  readonly compatibility_date: string;
  readonly compatibility_flags: readonly string[];
  readonly durable_objects: {
    readonly bindings: readonly { readonly name: string; readonly class_name: string }[];
  };
}

/**
 * @param files of the bundle, in the folder of the configuration.
 * @param version the name of the code in `/healthz`, the log and the metrics.
 */
export function configuration(files: readonly string[], version: string): string {
  const { compatibility_date, compatibility_flags, durable_objects }: Wrangler = readConfig({
    config: 'wrangler.toml',
  });
  const modules = files
    .filter((name) => path.extname(name) in MODULE_KINDS)
    .sort((one, other) => Number(other.endsWith('.js')) - Number(one.endsWith('.js')))
    .map((name) => `(name = "${name}", ${MODULE_KINDS[path.extname(name)]} = embed "${name}")`);
  const settings = [...Object.keys(settingsSchema.shape), ...MACHINE_SETTINGS];
  const objects = [...durable_objects.bindings, { name: 'JOB_QUEUE', class_name: 'JobQueue' }];
  return `# Made by self-hosting/build.ts; docs/self-hosting.md explains it.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "worker", worker = .worker),
    (name = "pages", disk = (path = "pages")),
    (name = "state", disk = (path = "state", writable = true)),
    # What jobs run over, and where their results are.
    (name = "pictures", disk = (path = "pictures", writable = true, allowDotfiles = true)),
    # What pictures are fetched through: no address of this machine or its network, whatever a name resolves to.
    (name = "internet", network = (allow = ["public"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [
    (name = "http", address = "127.0.0.1:8787", service = "worker",
      http = (forwardedProtoHeader = "x-forwarded-proto")),
    (name = "metrics", address = "127.0.0.1:9787", http = (), service = (name = "worker", entrypoint = "Metrics")),
  ]
);

const worker :Workerd.Worker = (
  modules = [
    ${modules.join(',\n    ')}
  ],
  compatibilityDate = "${compatibility_date}",
  compatibilityFlags = [${compatibility_flags.map((flag) => `"${flag}"`).join(', ')}],
  bindings = [
    (name = "PAGES", service = "pages"),
    (name = "PICTURES", service = "pictures"),
    (name = "CONSUMER", service = (name = "worker", entrypoint = "Consumer")),
    (name = "CF_VERSION_METADATA", json = ${JSON.stringify(JSON.stringify({ id: version }))}),
    ${objects.map(({ name, class_name }) => `(name = "${name}", durableObjectNamespace = "${class_name}"),`).join('\n    ')}
    ${settings.map((name) => `(name = "${name}", fromEnvironment = "${name}")`).join(',\n    ')}
  ],
  # The keys name folders below the state: changing one hides its contents.
  durableObjectNamespaces = [
    ${objects.map(({ class_name }) => `(className = "${class_name}", uniqueKey = "mobilenet-edge-${class_name}", enableSql = true)`).join(',\n    ')}
  ],
  durableObjectStorage = (localDisk = "state"),
  cacheApiOutbound = (name = "worker", entrypoint = "Kept")
);
`;
}
