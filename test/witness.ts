/**
 * The only destinations of `fetch` for tests inside workerd: the machine outside, and the origins of pictures.
 */
import { execFileSync } from 'node:child_process';
import { askedOfOrigins, mostAtOnce, origin } from './origin.ts';

interface Asked {
  readonly url: string;
  json(): Promise<unknown>;
}

/**
 * Answers on `http://witness.test`: `/rss` with the resident bytes of this process's workerd, 501 if unknown;
 * `/openapi` with a list of what is wrong with the OpenAPI document in the body; `/asked` with the URLs that origins
 * were asked for since its last call; `/most` with the highest number of slow ones in progress at once. Every other host is an
 * origin.
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
    case 'http://witness.test/asked':
      return Response.json(askedOfOrigins());
    case 'http://witness.test/most':
      return Response.json(mostAtOnce());
    default:
      return origin(request.url);
  }
}

/** The validator compiles its schemas, which workerd does not allow. */
async function openApiErrors(document: unknown): Promise<readonly unknown[]> {
  // The test sends the document.
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
