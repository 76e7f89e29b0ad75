/**
 * The typed client in another project: packed, installed on its own, type-checked there, and run by Node 20 and 22,
 * Deno and Bun. The project is in `consumer/` and prints the lines of its own checks. Chromium loads it from
 * `/client.js`: `test/browser/client.ts`.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { report } from './report.ts';
import { runtimes } from './runtimes/programs.ts';

const here = import.meta.dirname;
const root = path.resolve(here, '..', '..');
const windows = process.platform === 'win32';
const project = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-consumer-'));
process.once('exit', () => rmSync(project, { recursive: true, force: true }));

/** @throws with the program's output if it exits with an error. */
function run(command: string, args: readonly string[], cwd: string, shell = false): string {
  try {
    return execFileSync(command, args, { cwd, shell, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    if (!(error instanceof Error) || !('stdout' in error && 'stderr' in error)) throw error;
    throw new Error(`${error.stdout}${error.stderr}`.slice(-2000), { cause: error });
  }
}

function npm(args: readonly string[], cwd: string): string {
  return run(windows ? 'npm.cmd' : 'npm', [...args, '--loglevel=error'], cwd, windows);
}

function compile(config: string): void {
  run(process.execPath, [path.join(root, 'node_modules/typescript/bin/tsc'), '-p', config], project);
}

/** Strict, and it also checks our declarations. */
const COMPILER = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
};

function tsconfig(name: string, compilerOptions: object, include: readonly string[]): void {
  writeFileSync(
    path.join(project, name),
    JSON.stringify({ compilerOptions: { ...COMPILER, ...compilerOptions }, include }),
  );
}

await report({
  'packs nothing but the client': async () => {
    npm(['pack', '--pack-destination', project], path.join(root, 'client'));
    const [tarball = ''] = readdirSync(project).filter((name) => name.endsWith('.tgz'));
    const files = run('tar', ['-tzf', tarball], project).trim().split(/\r?\n/);
    const expected = /^package\/(?:package\.json|README\.md|LICENSE|dist\/[\w-]+\.(?:js|d\.ts))$/;
    assert.deepEqual(
      files.filter((file) => !expected.test(file)),
      [],
    );
    assert.ok(files.includes('package/dist/client.js'));
  },
  'installs without a network, and brings nothing along': async () => {
    const [tarball = ''] = readdirSync(project).filter((name) => name.endsWith('.tgz'));
    writeFileSync(path.join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    npm(['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`], project);
    const installed = readdirSync(path.join(project, 'node_modules')).filter((name) => !name.startsWith('.'));
    assert.deepEqual(installed, ['mobilenet-edge']);
  },
  'type-checks in a browser project: good usage compiles, wrong usage does not': async () => {
    mkdirSync(path.join(project, 'consumer'));
    cpSync(path.join(here, 'consumer'), path.join(project, 'consumer'), { recursive: true });
    cpSync(path.join(here, 'report.ts'), path.join(project, 'report.ts'));
    tsconfig('browser.json', { noEmit: true, types: [], lib: ['ES2022', 'DOM'] }, ['consumer/types.ts']);
    compile('browser.json');
  },
  'type-checks in a Node project, without the types of a browser': async () => {
    const typeRoots = [path.join(root, 'node_modules', '@types')];
    const node = { lib: ['ES2024', 'ESNext.Disposable'], types: ['node'], typeRoots };
    const emit = { rootDir: '.', outDir: 'dist', rewriteRelativeImportExtensions: true };
    tsconfig('node.json', { ...node, ...emit }, ['consumer/*.ts', 'report.ts']);
    compile('node.json');
  },
});

const found = runtimes(path.join(here, 'node_modules'));
await report({
  'is run by two Nodes, Deno and Bun': async () => {
    // npm does not provide Node 20 for every platform.
    assert.ok(found.length >= 3, found.map(({ name }) => name).join());
  },
});
for (const { name, command, args } of found) {
  console.log(`with ${name}, ${run(command, ['--version'], project).trim().split(/\r?\n/)[0]}`);
  const program = path.join('dist', 'consumer', 'calls.js');
  try {
    execFileSync(command, [...args, program, ...process.argv.slice(2)], { cwd: project, stdio: 'inherit' });
  } catch {
    // It has printed its lines.
    process.exitCode = 1;
  }
}
