/**
 * What the tests inside workerd ask of the machine outside: the one host that their `fetch` reaches.
 */
import { execFileSync } from 'node:child_process';

/** Answers `http://witness.test/rss` with the resident bytes of this process's workerd; 501 where it cannot. */
export function witness(request: { readonly url: string }): Response {
  if (request.url !== 'http://witness.test/rss') return new Response('no such witness', { status: 404 });
  const bytes = workerdResidentBytes();
  return bytes === undefined ? new Response('not known here', { status: 501 }) : new Response(String(bytes));
}

/** Sums workerd's processes below this one, with ps; Windows has none. */
function workerdResidentBytes(): number | undefined {
  if (process.platform === 'win32') return undefined;
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm='], { encoding: 'utf8' });
  const processes = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, parent, kibibytes, name]) => ({ pid, parent, kibibytes: Number(kibibytes), name }));
  const family = new Set([String(process.pid)]);
  // A child is always listed with its parent's id, but not always after it.
  for (let grown = true; grown; ) {
    const children = processes.filter(
      ({ pid, parent }) => family.has(parent ?? '') && !family.has(pid ?? ''),
    );
    for (const { pid } of children) family.add(pid ?? '');
    grown = children.length > 0;
  }
  const workerds = processes.filter(({ pid, name }) => family.has(pid ?? '') && name?.includes('workerd'));
  const total = workerds.reduce((sum, { kibibytes }) => sum + kibibytes * 1024, 0);
  return total === 0 ? undefined : total;
}
