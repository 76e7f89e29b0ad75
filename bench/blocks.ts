/**
 * How long a Worker answers no other request while it decodes: polls `/healthz` and prints the longest wait.
 *
 *     npx wrangler deploy --dry-run --env= --outdir dist && node bench/blocks.ts dist[,other…] FILE...
 *
 * Several Workers, such as an older one, are measured in turns. Each file is sent alone and as a batch of eight.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { firstAnswer, startWorkerd } from './workerd.ts';

const ROUNDS = 3;
const BATCH = 8;

const [folders = 'dist', ...files] = process.argv.slice(2);
console.log('| Worker | file | longest wait, ms | quiet | the answer itself |');
console.log('|---|---|--:|--:|--:|');
for (const folder of folders.split(',')) {
  const server = await startWorkerd(folder);
  try {
    await firstAnswer(`${server.url}/healthz?ready=1`);
    for (const file of files) {
      const bytes = readFileSync(file);
      await whole(`${server.url}/v1/classify`, bytes);
      const batch = new FormData();
      for (let i = 0; i < BATCH; i++) batch.append('image', new Blob([bytes]), 'picture');
      await row(folder, path.basename(file), server.url, () => whole(`${server.url}/v1/classify`, bytes));
      await row(folder, `${BATCH} × ${path.basename(file)}`, server.url, () =>
        whole(`${server.url}/v1/batch`, batch),
      );
    }
  } finally {
    await server.stop();
  }
}

async function row(folder: string, name: string, url: string, send: () => Promise<number>): Promise<void> {
  const quiet = await longestWait(url, () => new Promise((resolve) => setTimeout(() => resolve(0), 300)));
  const rounds: { wait: number; took: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await longestWait(url, send));
  // Other programs on the machine make a wait longer, never shorter, so the minimum is taken.
  const best = rounds.toSorted((one, other) => one.wait - other.wait)[0] ?? quiet;
  const cells = [
    path.basename(folder),
    name,
    ...[best.wait, quiet.wait, best.took].map((ms) => ms.toFixed(0)),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

async function longestWait(
  url: string,
  send: () => Promise<number>,
): Promise<{ wait: number; took: number }> {
  let isOver = false;
  let wait = 0;
  const watching = (async () => {
    while (!isOver) {
      const begin = performance.now();
      await (await fetch(`${url}/healthz`)).text();
      wait = Math.max(wait, performance.now() - begin);
    }
  })();
  const begin = performance.now();
  const status = await send();
  const took = performance.now() - begin;
  isOver = true;
  await watching;
  if (status !== 0 && status !== 200) console.log(`  status ${status}`);
  return { wait, took };
}

async function whole(url: string, body: BodyInit): Promise<number> {
  const response = await fetch(url, { method: 'POST', body });
  await response.text();
  return response.status;
}
