/** `npm run setup` up to the point where an account is needed, and its changes to wrangler.toml. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { unstable_readConfig as readConfig } from 'wrangler';
import { named, opened, workerName } from '../../scripts/setup/configuration.mjs';
import { deployedTo } from '../../scripts/setup/wrangler.mjs';
import { PROJECT, toolEnvironment } from '../../scripts/toolchain.mjs';
import { report } from '../conformance/report.ts';

/** The part of wrangler.toml that is read here; the types of wrangler's package are broken. */
interface Config {
  readonly name: string;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly ratelimits: readonly { readonly name: string; readonly namespace_id: string }[];
}

const TOML = path.join(PROJECT, 'wrangler.toml');
const ENVIRONMENTS = ['', 'free'];

const scratch = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-setup-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const toml = readFileSync(TOML, 'utf8');

/** The configuration as wrangler reads it, for each environment. */
function read(text: string): Config[] {
  const config = path.join(scratch, 'wrangler.toml');
  writeFileSync(config, text);
  return ENVIRONMENTS.map((env) => readConfig({ config, env }));
}

/** It runs without a login. */
function setup(...args: string[]) {
  const { CLOUDFLARE_API_TOKEN, CLOUDFLARE_API_KEY, ...env } = toolEnvironment();
  const homes = { HOME: scratch, XDG_CONFIG_HOME: scratch, USERPROFILE: scratch };
  const program = path.join(PROJECT, 'scripts', 'setup.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    env: { ...env, ...homes },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, text: stdout + stderr };
}

function untouched(): void {
  assert.equal(readFileSync(TOML, 'utf8'), toml);
}

await report({
  'another name has namespaces of its own, the same in both environments': async () => {
    const [before] = read(toml);
    const [other] = read(named(toml, 'third'));
    const [paid, free] = read(named(toml, 'second'));
    assert.deepEqual([paid?.name, free?.name], ['second', 'second']);
    assert.deepEqual(paid?.ratelimits, free?.ratelimits);
    const ids = [before, paid, other].flatMap((one) =>
      (one?.ratelimits ?? []).map((limit) => limit.namespace_id),
    );
    assert.equal(ids.length, 6);
    assert.equal(new Set(ids).size, 6);
    assert.ok(ids.every((id) => /^[1-9]\d{5,8}$/.test(id)));
  },
  'its own name leaves the file as it is': async () => {
    assert.equal(named(toml, workerName(toml)), toml);
  },
  'nothing but names and namespaces changes': async () => {
    const lines = toml.split('\n');
    const changed = named(toml, 'second')
      .split('\n')
      .filter((line, index) => line !== lines[index]);
    assert.ok(
      changed.length > 0 && changed.every((line) => /^(name = "second"|namespace_id = "\d+")$/.test(line)),
    );
  },
  'anonymous use is allowed in both environments, where it is asked for': async () => {
    assert.deepEqual(
      [...read(toml), ...read(opened(toml))].map(({ vars }) => vars.ALLOW_ANONYMOUS),
      ['false', 'false', 'true', 'true'],
    );
  },
  'a dry run says what would be done, bundles, and does nothing else': async () => {
    const { status, text } = setup('--dry-run', '--name', 'second', '--plan', 'free', '--key', 'app');
    assert.equal(status, 0, text);
    for (const said of [
      '"second"',
      'Free plan',
      'namespaces of its own',
      '"app"',
      '--env=free',
      '--dry-run: exiting',
    ])
      assert.ok(text.includes(said), `${said} in ${text}`);
    assert.doesNotMatch(text, /mne_/);
    untouched();
  },
  'without an account it says so, and does nothing': async () => {
    const { status, text } = setup('--yes', '--name', 'second');
    assert.equal(status, 1);
    assert.match(text, /There is no account: run npx wrangler login, or set CLOUDFLARE_API_TOKEN/);
    untouched();
  },
  'what it does not understand is refused, with what it would': async () => {
    for (const args of [['--name', 'Second'], ['--plan', 'best'], ['--key', 'anonymous'], ['--what']]) {
      const { status, text } = setup('--yes', ...args);
      assert.equal(status, 2, args.join(' '));
      assert.match(text, /--dry-run {2}/);
    }
    untouched();
  },
  'it finds in what wrangler reports where the Worker answers': async () => {
    const output = path.join(scratch, 'output.ndjson');
    const entries = (targets: string[]) =>
      [
        { type: 'wrangler-session', version: 1 },
        { type: 'deploy', version: 1, targets },
      ]
        .map((entry) => `${JSON.stringify(entry)}\n`)
        .join('');
    for (const [targets, url] of [
      [['https://second.someone.workers.dev'], 'https://second.someone.workers.dev'],
      [
        ['other.example.com/*', 'c.example.com (custom domain - zone name: example.com)'],
        'https://c.example.com',
      ],
      [['schedule: * * * * *', 'other.example.com/images/*'], undefined],
      [[], undefined],
    ] as const) {
      writeFileSync(output, entries([...targets]));
      assert.equal(deployedTo(output), url);
    }
  },
});
