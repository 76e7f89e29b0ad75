/**
 * What the tests inside workerd ask of the machine outside: the one host that their `fetch` reaches.
 */
import { execFileSync } from 'node:child_process';

interface Asked {
  readonly url: string;
  json(): Promise<unknown>;
}

/**
 * Answers `http://witness.test/rss` with the resident bytes of this process's workerd, 501 where it cannot,
 * and `/openapi` with what is wrong with the OpenAPI document that is sent, as a list.
 */
export async function witness(request: Asked): Promise<Response> {
  switch (request.url) {
    case 'http://witness.test/rss': {
      const bytes = workerdResidentBytes();
      return bytes === undefined
        ? new Response('not known here', { status: 501 })
        : new Response(String(bytes));
    }
    case 'http://witness.test/openapi':
      return Response.json(await openApiErrors(await request.json()));
    default:
      return new Response('no such witness', { status: 404 });
  }
}

/** The validator compiles its schemas, which workerd does not let it do. */
async function openApiErrors(document: unknown): Promise<readonly unknown[]> {
  // What the test sends is the document.
  const { Validator } = await import('@seriousme/openapi-schema-validator');
  const { valid, errors } = await new Validator().validate(document as Record<string, unknown>);
  return valid ? [] : [errors].flat();
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
