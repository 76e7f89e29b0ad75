/**
 * Validates the files for the repository's host: `.github` by GitHub's schemas and by the rules of zizmor, which knows
 * attacks on workflows; CITATION.cff; and the Dockerfile, by hadolint. They are not run.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from './process.mjs';
import { pythonFor } from './python.mjs';
import { PROJECT } from './toolchain.mjs';

const LINT_MS = 120_000;
const FORMS = '.github/ISSUE_TEMPLATE';

/**
 * Which schema of check-jsonschema applies to which files.
 *
 * @type {[schema: string, files: string[]][]}
 */
const SCHEMAS = [
  ['github-workflows', within('.github/workflows')],
  ['dependabot', ['.github/dependabot.yml']],
  ['github-issue-forms', within(FORMS).filter((file) => !file.endsWith('config.yml'))],
  ['github-issue-config', [`${FORMS}/config.yml`]],
  ['citation-file-format', ['CITATION.cff']],
];

/** @returns {Promise<{ passed: number, failed: number }>} */
export async function checkWorkflows() {
  const requirements = path.join(PROJECT, 'test', 'workflows', 'requirements.txt');
  const { python, ...without } = await pythonFor(requirements, 'The files for GitHub');
  if (python === undefined) return { passed: 0, failed: 'failed' in without ? without.failed : 0 };
  const program = (/** @type {string} */ name) => path.join(path.dirname(python), name);
  const commands = [
    ...SCHEMAS.map(([schema, files]) => ({
      command: program('check-jsonschema'),
      args: ['--builtin-schema', `vendor.${schema}`, '--default-filetype', 'yaml', ...files],
    })),
    { command: program('zizmor'), args: ['--offline', '--quiet', '--no-progress', '.github'] },
    { command: program('hadolint'), args: ['self-hosting/Dockerfile'] },
  ];
  const counts = { passed: 0, failed: 0 };
  for (const command of commands) {
    const code = await run(command, { timeoutMs: LINT_MS });
    counts[code === 0 ? 'passed' : 'failed']++;
  }
  return counts;
}

/** @param {string} folder */
function within(folder) {
  return readdirSync(path.join(PROJECT, folder)).map((name) => path.posix.join(folder, name));
}
