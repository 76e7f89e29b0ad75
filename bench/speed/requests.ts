/** One warm request: ours, the obvious composition and native code; and the parts of ours. */
import { cpuMs, firstAnswer, residentMiB, type Server, startWorkerd } from '../workerd.ts';
import { shareCore } from './core.ts';
import type { Effort } from './effort.ts';
import { drawnPictures, type Picture } from './pictures.ts';
import { mib, type Table, withSpread } from './report.ts';
import { type Bundles, classify, startNative } from './servers.ts';
import { median, ratio, spreadOf, sum } from './statistics.ts';
import type { Memories } from './workers/memories.ts';

/** Code that is JavaScript only is fully optimised after hundreds of requests. */
const SCRIPT_WARM_UP_REQUESTS = 600;
/** Requests with one picture only: a process that has seen no other shows how much memory that takes. */
const MEMORY_REQUESTS = 5;

/** A server that answers with labels, and its CPU milliseconds per request, by round. */
interface Contender {
  readonly server: Server;
  readonly path: string;
  readonly rounds: Map<string, number[]>;
}

/** CPU milliseconds that `send` takes a server. */
export async function cpuOf({ pid }: Server, send: () => Promise<unknown>): Promise<number> {
  const before = cpuMs(pid);
  await send();
  return cpuMs(pid) - before;
}

export async function requests(folders: Bundles, effort: Effort): Promise<readonly Table[]> {
  const pictures = await drawnPictures();
  return [
    await comparison(folders, pictures, effort),
    await breakdown(folders, pictures, effort),
    await batches(folders, pictures, effort),
  ];
}

async function comparison(folders: Bundles, pictures: readonly Picture[], effort: Effort): Promise<Table> {
  const rows = await compare(folders, pictures, effort, true);
  const memories = new Map<string, readonly [number, number]>();
  for (const picture of pictures) memories.set(picture.name, await memoriesAfter(folders, picture));
  const count = effort.requestRounds * effort.requestsInABlock;
  return {
    title: 'One warm request',
    about: `In workerd, native in Node; CPU time of the whole process, read from outside, over ${count} requests each in blocks of ${effort.requestsInABlock}, in turns, after ${effort.warmUpRequests} that are not counted. wasm MiB: all memories of an isolate that has seen ${MEMORY_REQUESTS} such pictures and no others.`,
    head: [
      'picture',
      'kB',
      'ours, CPU ms',
      'obvious',
      'native',
      'ours / obvious',
      'ours / native',
      'wasm MiB, ours',
      'obvious',
    ],
    rows: rows.map(({ picture, ours, obvious, native }) => {
      const [oursBytes = 0, obviousBytes = 0] = memories.get(picture.name) ?? [];
      return [
        picture.name,
        (picture.file.length / 1000).toFixed(0),
        withSpread(spreadOf(ours), 1),
        withSpread(spreadOf(obvious), 1),
        withSpread(spreadOf(native), 1),
        withSpread(ratio(ours, obvious), 2),
        withSpread(ratio(ours, native), 1),
        mib(oursBytes),
        mib(obviousBytes),
      ];
    }),
    notes: [
      'Obvious: photon decodes and resizes, float32 ONNX in onnxruntime-web (`workers/obvious.ts`). Native: libvips and ONNX Runtime, one thread each (`native-server.ts`). All name the same first class.',
    ],
  };
}

export interface Compared {
  readonly picture: Picture;
  readonly ours: readonly number[];
  readonly obvious: readonly number[];
  readonly native: readonly number[];
}

/** @throws if they do not agree on what a picture shows. */
export async function compare(
  { ours, obvious }: Pick<Bundles, 'ours' | 'obvious'>,
  pictures: readonly Picture[],
  effort: Pick<Effort, 'warmUpRequests' | 'requestRounds' | 'requestsInABlock'>,
  withNative: boolean,
): Promise<readonly Compared[]> {
  const contenders: Contender[] = [
    { server: await startWorkerd(ours), path: '/v1/classify', rounds: new Map() },
    { server: await startWorkerd(obvious), path: '/', rounds: new Map() },
    ...(withNative ? [{ server: await startNative(), path: '', rounds: new Map() }] : []),
  ];
  try {
    for (const { server } of contenders) await firstAnswer(server.url);
    for (const picture of pictures) await compareOn(picture, contenders, effort);
  } finally {
    for (const { server } of contenders) await server.stop();
  }
  return pictures.map((picture) => {
    const [ours = [], obvious = [], native = []] = contenders.map(
      ({ rounds }) => rounds.get(picture.name) ?? [],
    );
    return { picture, ours, obvious, native };
  });
}

async function compareOn(
  picture: Picture,
  contenders: readonly Contender[],
  { warmUpRequests, requestRounds, requestsInABlock }: Parameters<typeof compare>[2],
): Promise<void> {
  const classes = new Set<number>();
  for (const { server, path, rounds } of contenders) {
    for (let i = 0; i < warmUpRequests; i++) classes.add(await classify(server.url + path, picture));
    rounds.set(picture.name, []);
  }
  if (classes.size !== 1) throw new Error(`${picture.name}: first classes are ${[...classes].join(', ')}`);
  for (let round = 0; round < requestRounds; round++) {
    const first = round % contenders.length;
    shareCore(
      contenders.map(({ server }) => server.pid),
      round,
    );
    for (const { server, path, rounds } of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const ms = await cpuOf(server, async () => {
        for (let i = 0; i < requestsInABlock; i++) await classify(server.url + path, picture);
      });
      rounds.get(picture.name)?.push(ms / requestsInABlock);
    }
  }
}

/** Bytes of wasm memory of ours and of the obvious composition. */
async function memoriesAfter(
  { parts, obvious }: Bundles,
  picture: Picture,
): Promise<readonly [number, number]> {
  const servers = [await startWorkerd(parts), await startWorkerd(obvious)] as const;
  const [our, other] = servers;
  try {
    for (const server of servers) await firstAnswer(server.url);
    for (let i = 0; i < MEMORY_REQUESTS; i++) {
      await classify(`${our.url}/v1/classify`, picture);
      await classify(other.url, picture);
    }
    const { wasmBytes } = (await (await fetch(other.url)).json()) as { wasmBytes: number };
    return [wasmBytesOf(await memories(our)), wasmBytes];
  } finally {
    for (const server of servers) await server.stop();
  }
}

export async function memories({ url }: Server): Promise<Memories> {
  return (await (await fetch(`${url}/bench/memories`)).json()) as Memories;
}

export function wasmBytesOf({ runtimeBytes, photonBytes, jpegBytes, magickBytes }: Memories): number {
  return runtimeBytes + photonBytes + jpegBytes + magickBytes;
}

/** How often a part runs in one request, so that the request itself does not count. */
const TIMES: Readonly<Record<string, number>> = { sniff: 1000, decode: 10, resize: 30, inference: 10 };

/** Runs a part of ours once, or as often as it says. */
export async function runPart(
  { url }: Server,
  part: string,
  times: number,
  { file }: Picture,
): Promise<void> {
  const response = await fetch(`${url}/bench/${part}?times=${times}`, { method: 'POST', body: file });
  await response.text();
  if (!response.ok) throw new Error(`the part ${part}: status ${response.status}`);
}

async function breakdown({ parts }: Bundles, pictures: readonly Picture[], effort: Effort): Promise<Table> {
  const server = await startWorkerd(parts);
  const emptied = await startWorkerd(parts, { vars: { WITHOUT_PARTS: 'true' } });
  const rows: string[][] = [];
  try {
    await firstAnswer(server.url);
    await firstAnswer(emptied.url);
    for (const picture of pictures) rows.push(await breakdownOf(server, emptied, picture, effort));
  } finally {
    await server.stop();
    await emptied.stop();
  }
  return {
    title: 'What one request of ours is made of',
    about: `In workerd, CPU ms read from outside while a part is repeated. The rest: a whole request with decoding and inference left out, after ${SCRIPT_WARM_UP_REQUESTS} of them, so sniffing is in it too; workerd: a request that reads its body and answers.`,
    head: [
      'picture',
      'sniff, limits, way',
      'decode',
      'resize',
      'inference',
      'the rest',
      'of which workerd',
      'sum',
    ],
    rows,
  };
}

async function breakdownOf(
  server: Server,
  emptied: Server,
  picture: Picture,
  { requestRounds, requestsInABlock }: Effort,
): Promise<string[]> {
  const found: Record<string, number[]> = {
    sniff: [],
    decode: [],
    resize: [],
    inference: [],
    rest: [],
    workerd: [],
  };
  const note = (part: string, ms: number) => found[part]?.push(ms);
  const block = (send: () => Promise<unknown>) => async () => {
    for (let i = 0; i < requestsInABlock; i++) await send();
  };
  for (const part in TIMES) await runPart(server, part, TIMES[part] ?? 1, picture);
  for (let i = 0; i < SCRIPT_WARM_UP_REQUESTS; i++) await classify(`${emptied.url}/v1/classify`, picture);
  for (let round = 0; round < requestRounds; round++) {
    const nothing = await cpuOf(
      server,
      block(() => runPart(server, 'nothing', 1, picture)),
    );
    note('workerd', nothing / requestsInABlock);
    const rest = await cpuOf(
      emptied,
      block(() => classify(`${emptied.url}/v1/classify`, picture)),
    );
    note('rest', rest / requestsInABlock);
    const once = await cpuOf(server, () => runPart(server, 'decode', 1, picture));
    for (const [part, times] of Object.entries(TIMES)) {
      const ms = await cpuOf(server, () => runPart(server, part, times, picture));
      const besides = part === 'resize' ? once : nothing / requestsInABlock;
      note(part, Math.max(0, ms - besides) / times);
    }
  }
  const figures = Object.entries(found).map(([part, values]) => [part, spreadOf(values)] as const);
  const inAll = ['decode', 'resize', 'inference', 'rest'].map((part) => median(found[part] ?? []));
  return [
    picture.name,
    ...figures.map(([part, spread]) => withSpread(spread, part === 'sniff' ? 3 : 2)),
    sum(inAll).toFixed(1),
  ];
}

const BATCH_SIZES = [1, 8, 32];

async function batches({ parts }: Bundles, pictures: readonly Picture[], effort: Effort): Promise<Table> {
  const [picture] = pictures;
  if (picture === undefined) throw new Error('there are no pictures');
  const server = await startWorkerd(parts);
  try {
    await firstAnswer(server.url);
    const found = new Map<number, number[]>(BATCH_SIZES.map((size) => [size, []]));
    const alone: number[] = [];
    for (let i = 0; i < effort.warmUpRequests; i++) await classify(`${server.url}/v1/classify`, picture);
    for (let round = 0; round < effort.requestRounds; round++) {
      const ms = await cpuOf(server, async () => {
        for (let i = 0; i < 8; i++) await classify(`${server.url}/v1/classify`, picture);
      });
      alone.push(ms / 8);
      for (const size of BATCH_SIZES) {
        found.get(size)?.push((await cpuOf(server, () => sendBatch(server, picture, size))) / size);
      }
    }
    const bytes = wasmBytesOf(await memories(server));
    return {
      title: 'Batches',
      about: `In workerd, ${picture.name} in a form; CPU time a picture.`,
      head: ['pictures', 'CPU ms a picture', 'of a request for one'],
      rows: [
        ['1, not as a batch', withSpread(spreadOf(alone), 1), '1.00'],
        ...[...found].map(([size, ms]) => [
          String(size),
          withSpread(spreadOf(ms), 1),
          withSpread(ratio(ms, alone), 2),
        ]),
      ],
      notes: [
        `wasm memories at the end ${mib(bytes)} MiB, resident ${residentMiB(server.pid).toFixed(0)} MiB.`,
      ],
    };
  } finally {
    await server.stop();
  }
}

async function sendBatch({ url }: Server, { file }: Picture, size: number): Promise<void> {
  const form = new FormData();
  for (let i = 0; i < size; i++) form.append('image', new Blob([file]), 'picture.jpg');
  const response = await fetch(`${url}/v1/batch`, { method: 'POST', body: form });
  const { results } = (await response.json()) as { results?: readonly { result?: object }[] };
  const seen = results?.filter(({ result }) => result !== undefined).length;
  if (seen !== size) throw new Error(`a batch of ${size}: ${seen} results, status ${response.status}`);
}
