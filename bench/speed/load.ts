/** Concurrent callers: answers per second, latency, and memory. */
import autocannon from 'autocannon';
import { cpuMs, firstAnswer, residentMiB, type Server, startWorkerd } from '../workerd.ts';
import type { Effort } from './effort.ts';
import { drawnPictures, type Picture } from './pictures.ts';
import { mib, type Table } from './report.ts';
import { memories, wasmBytesOf } from './requests.ts';
import type { Bundles } from './servers.ts';
import { quantile } from './statistics.ts';

const CONNECTIONS = [1, 2, 4, 8, 16];
/** How often each picture occurs in ten requests: most callers send small ones. */
const MIX: Readonly<Record<string, number>> = {
  'JPEG 640×480': 5,
  'JPEG 1920×1080': 2,
  'JPEG 12 MP': 1,
  'PNG 1 MP': 1,
  'WebP 1 MP': 1,
};

export async function load({ parts }: Bundles, { loadSeconds }: Effort): Promise<Table> {
  const pictures = await drawnPictures();
  const server = await startWorkerd(parts);
  try {
    await firstAnswer(server.url);
    await cannonade(server, pictures, 1, Math.ceil(loadSeconds / 6));
    const rows: string[][] = [];
    for (const connections of CONNECTIONS) {
      rows.push(await cannonade(server, pictures, connections, loadSeconds));
    }
    const { runtimeBytes, photonBytes, jpegBytes, magickBytes } = await memories(server);
    const each = [runtimeBytes, photonBytes, jpegBytes, magickBytes].map(mib).join(' + ');
    return {
      title: 'Callers at once',
      about: `In workerd, one isolate; ${loadSeconds} s each, connections that send their next request when they have the answer. In ten: ${Object.entries(
        MIX,
      )
        .map(([name, times]) => `${times} × ${name}`)
        .join(', ')}. The callers take processor time of the same machine.`,
      head: [
        'connections',
        'answers a second',
        'CPU ms an answer',
        'p50 ms',
        'p95',
        'p99',
        'not 200',
        'resident MiB',
      ],
      rows,
      notes: [
        `wasm memories at the end: ${mib(wasmBytesOf(await memories(server)))} MiB (runtime, photon, our own JPEG decoder, ImageMagick: ${each}).`,
        'What is not 200 is 429: the isolate holds so many bytes of bodies and no more.',
      ],
    };
  } finally {
    await server.stop();
  }
}

async function cannonade(
  { url, pid }: Server,
  pictures: readonly Picture[],
  connections: number,
  seconds: number,
): Promise<string[]> {
  const milliseconds: number[] = [];
  let refused = 0;
  const before = cpuMs(pid);
  const options = {
    url: `${url}/v1/classify`,
    connections,
    duration: seconds,
    timeout: 60,
    requests: mixOf(pictures).map(({ file }) => ({ method: 'POST' as const, body: Buffer.from(file) })),
  };
  const { duration, errors } = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)));
    // autocannon's own histogram has no 95th percentile.
    running.on('response', (_client, status, _bytes, waited) => {
      milliseconds.push(waited);
      if (status !== 200) refused++;
    });
  });
  if (milliseconds.length === 0) return [String(connections), '0', ...Array<string>(6).fill('–')];
  milliseconds.sort((one, other) => one - other);
  return [
    String(connections),
    (milliseconds.length / duration).toFixed(1),
    ((cpuMs(pid) - before) / milliseconds.length).toFixed(1),
    ...[0.5, 0.95, 0.99].map((share) => quantile(milliseconds, share).toFixed(0)),
    String(refused + errors),
    residentMiB(pid).toFixed(0),
  ];
}

/** Interleaved, so that no two large pictures follow each other. */
function mixOf(pictures: readonly Picture[]): readonly Picture[] {
  const all = pictures.flatMap((picture) => Array<Picture>(MIX[picture.name] ?? 0).fill(picture));
  return all.map((_, i) => all[(i * 3) % all.length] as Picture);
}
