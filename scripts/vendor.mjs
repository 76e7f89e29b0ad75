/**
 * Copies what pages need from installed packages to `public/vendor`, where the Worker's static assets are.
 * npm runs it after every install; what it writes is not committed.
 */
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from './toolchain.mjs';

const FILES = {
  'swagger-ui-dist': [
    'swagger-ui.css',
    'swagger-ui-bundle.js',
    'swagger-ui-bundle.js.LICENSE.txt',
    'LICENSE',
    'NOTICE',
  ],
};

for (const [name, files] of Object.entries(FILES)) {
  const target = path.join(PROJECT, 'public', 'vendor', name);
  mkdirSync(target, { recursive: true });
  for (const file of files) cpSync(path.join(PROJECT, 'node_modules', name, file), path.join(target, file));
}
