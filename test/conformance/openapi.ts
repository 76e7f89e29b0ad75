/**
 * Uses the OpenAPI document with standard tools: lints it with Redocly's recommended rules, then generates a client's
 * types with `openapi-typescript`. The client's calls are in `generated/`, checked by a compiler and run by Node.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import openapiTS, { astToString } from 'openapi-typescript';
import { report, target } from './report.ts';

const here = import.meta.dirname;
const root = path.resolve(here, '..', '..');
const { url } = await target();
const document = await (await fetch(`${url}/openapi.json`)).text();

const project = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-generated-'));
process.once('exit', () => rmSync(project, { recursive: true, force: true }));

const COMPILER = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  lib: ['ES2023', 'DOM'],
  types: ['node'],
  outDir: 'dist',
  rootDir: '.',
  rewriteRelativeImportExtensions: true,
};

await report({
  "Redocly's recommended rules find no error in the document": async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source: document, absoluteRef: 'openapi.json', config });
    const errors = problems.filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      errors.map(({ ruleId, message }) => `${ruleId}: ${message}`),
      [],
    );
  },
  'the document names the address under which it was asked for': async () => {
    assert.deepEqual(JSON.parse(document).servers, [{ url }]);
  },
  'openapi-typescript makes types of it, with which calls compile': async () => {
    const types = astToString(await openapiTS(document));
    writeFileSync(path.join(project, 'schema.d.ts'), types);
    writeFileSync(path.join(project, 'package.json'), JSON.stringify({ type: 'module' }));
    cpSync(path.join(here, 'generated', 'calls.ts'), path.join(project, 'calls.ts'));
    cpSync(path.join(here, 'report.ts'), path.join(project, 'report.ts'));
    symlinkSync(path.join(here, 'node_modules'), path.join(project, 'node_modules'), 'junction');
    writeFileSync(
      path.join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: COMPILER, include: ['*.ts'] }),
    );
    const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    try {
      execFileSync(process.execPath, [compiler, '-p', project], { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      throw error instanceof Error && 'stdout' in error ? new Error(String(error.stdout)) : error;
    }
  },
});

try {
  const calls = path.join(project, 'dist', 'calls.js');
  execFileSync(process.execPath, [calls, ...process.argv.slice(2)], { stdio: 'inherit' });
} catch {
  // It has printed its lines.
  process.exitCode = 1;
}
