import { existsSync } from 'node:fs';
import path from 'node:path';
import { files } from './files.mjs';
import { install } from './install.mjs';
import { run } from './process.mjs';
import { PROJECT, tool } from './toolchain.mjs';

/** For editors: AssemblyScript has its own types, and its compiler checks them in `npm run wasm`. */
const ASSEMBLY_SCRIPT = 'src/image/jpeg/kernel/tsconfig.json';

/**
 * Generates the types of the bindings from wrangler.toml, then checks every tsconfig.json on its own. Installs a folder
 * first if it has a lockfile beside its tsconfig.json.
 */
export async function checkTypes() {
  const steps = [tool('wrangler', ['types'])];
  let sound = true;
  for (const project of files().filter((file) => /(^|\/)tsconfig(\.[\w-]+)?\.json$/.test(file))) {
    if (project === ASSEMBLY_SCRIPT) continue;
    const folder = path.join(PROJECT, path.dirname(project));
    if (folder !== PROJECT && existsSync(path.join(folder, 'package-lock.json')))
      sound = (await install(folder)) && sound;
    steps.push(tool('typescript', ['--noEmit', '-p', project], 'tsc'));
  }
  for (const step of steps) {
    console.log(`$ ${path.basename(step.args[0] ?? '')} ${step.args.slice(1).join(' ')}`);
    sound = (await run(step)) === 0 && sound;
  }
  return sound;
}
