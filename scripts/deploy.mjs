/**
 * `npm run deploy`: to Cloudflare, on the Paid plan; `npm run deploy -- --env free` on the Free one.
 *
 * Arguments after `--` go to `wrangler deploy`. wrangler warns if a configuration has environments and none is named,
 * so the default one is named explicitly, as the empty string.
 */
import './help.mjs';
import { spawn } from 'node:child_process';
import process from 'node:process';
import { PROJECT, tool, toolEnvironment } from './toolchain.mjs';

const given = process.argv.slice(2);
const named = given.some((argument) => /^(--env|-e)(=|$)/.test(argument));
const { command, args, shell } = tool('wrangler', ['deploy', ...(named ? [] : ['--env=']), ...given]);
// wrangler may ask which account to use, so it gets the terminal.
const child = spawn(command, args, {
  cwd: PROJECT,
  env: toolEnvironment(),
  shell: shell ?? false,
  stdio: 'inherit',
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
