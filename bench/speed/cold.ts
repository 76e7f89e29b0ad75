/** From starting a process to its first answer, and the parts of that time. */
import { cpuMs, firstAnswer, type Server, startWorkerd, type WorkerdOptions } from '../workerd.ts';
import type { Effort } from './effort.ts';
import { drawnPictures, type Picture } from './pictures.ts';
import { type Table, withSpread } from './report.ts';
import { cpuOf, runPart } from './requests.ts';
import { type Bundles, classify } from './servers.ts';
import { ratio, spreadOf } from './statistics.ts';

/** An empty module: the magic number and the version. */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

export async function cold(folders: Bundles, { coldStarts }: Effort): Promise<readonly Table[]> {
  const [picture] = await drawnPictures();
  if (picture === undefined) throw new Error('there are no pictures');
  const ours: Start[] = [];
  const obvious: Start[] = [];
  for (let i = 0; i < coldStarts; i++) {
    ours.push(await toFirstAnswer(folders.ours, '/v1/classify', picture));
    obvious.push(await toFirstAnswer(folders.obvious, '/', picture));
  }
  const about = `In workerd, ${coldStarts} fresh processes each, in turns; ${picture.name}.`;
  const row = (name: string, starts: readonly Start[]) => {
    const [cpu, wall] = [starts.map((start) => start.cpuMs), starts.map((start) => start.wallMs)];
    return [
      name,
      withSpread(spreadOf(cpu), 0),
      withSpread(
        ratio(
          cpu,
          obvious.map((start) => start.cpuMs),
        ),
        2,
      ),
      withSpread(spreadOf(wall), 0),
      withSpread(
        ratio(
          wall,
          obvious.map((start) => start.wallMs),
        ),
        2,
      ),
    ];
  };
  return [
    {
      title: 'From a fresh process to the first answer',
      about,
      head: ['who', 'CPU ms', 'of the obvious', 'wall ms', 'of the obvious'],
      rows: [row('ours', ours), row('the obvious composition', obvious)],
    },
    await attribution(folders, picture, coldStarts, ours),
  ];
}

async function toFirstAnswer(folder: string, route: string, picture: Picture): Promise<Start> {
  const begin = performance.now();
  const server = await startWorkerd(folder);
  try {
    const response = await firstAnswer(server.url + route, () => ({ method: 'POST', body: picture.file }));
    if (!response.ok) throw new Error(`${folder}: status ${response.status}`);
    await response.text();
    return { wallMs: performance.now() - begin, cpuMs: cpuMs(server.pid) };
  } finally {
    await server.stop();
  }
}

/** In the order in which a first request needs them, each run twice. */
const STEPS: readonly (readonly [part: string, what: string])[] = [
  ['network', 'the network: an instance of its module'],
  ['prepare', 'first decode and resize'],
  ['inference', 'first run, in baseline code'],
];

async function attribution(
  { ours, parts }: Bundles,
  picture: Picture,
  starts: number,
  whole: readonly Start[],
): Promise<Table> {
  const modules = { network: 'the network', photon_rs: 'photon', magick: 'ImageMagick' };
  const found = new Map<string, number[]>();
  const note = (what: string, ms: number) => found.set(what, [...(found.get(what) ?? []), ms]);
  for (let i = 0; i < starts; i++) {
    const full = await start(ours);
    note('process, script and modules, to an answer without a picture', full);
    for (const [file, name] of Object.entries(modules)) {
      const instead = (module: string) => (module.includes(file) ? EMPTY_WASM : undefined);
      note(`of which ${name}'s module`, full - (await start(ours, { instead })));
    }
    await steps(parts, picture, note);
  }
  const rows = [...found].map(([what, ms]) => [what, spreadOf(ms)] as const);
  const texts = new Map(STEPS);
  const sum = rows.reduce(
    (total, [what, spread]) => (/^of which|again$/.test(what) ? total : total + spread.median),
    0,
  );
  return {
    title: 'What a cold first answer is made of',
    about: `In workerd, ${starts} fresh processes; CPU ms, each step a request of its own to our Worker's parts.`,
    head: ['step', 'CPU ms'],
    rows: [
      ...rows.map(([what, spread]) => [texts.get(what) ?? what, withSpread(spread, 0)]),
      ['sum, without what is a part or is done again', sum.toFixed(0)],
      ['whole, as in the table above', withSpread(spreadOf(whole.map((one) => one.cpuMs)), 0)],
    ],
    notes: [
      'A module is compiled when it is loaded only as far as its functions are found in it; each function is compiled when it is first called, and again, better, when it has been called often: that is in the steps that call it.',
    ],
  };
}

async function start(folder: string, options: WorkerdOptions = {}): Promise<number> {
  const server = await startWorkerd(folder, options);
  try {
    await (await firstAnswer(`${server.url}/healthz`)).text();
    return cpuMs(server.pid);
  } finally {
    await server.stop();
  }
}

async function steps(
  folder: string,
  picture: Picture,
  note: (what: string, ms: number) => void,
): Promise<void> {
  const server: Server = await startWorkerd(folder);
  try {
    await (await firstAnswer(`${server.url}/healthz`)).text();
    await runPart(server, 'nothing', 1, picture);
    for (const [part] of STEPS) note(part, await cpuOf(server, () => runPart(server, part, 1, picture)));
    note('decode and resize again', await cpuOf(server, () => runPart(server, 'prepare', 1, picture)));
    note('run again', await cpuOf(server, () => runPart(server, 'inference', 1, picture)));
    note('a whole request again', await cpuOf(server, () => classify(`${server.url}/v1/classify`, picture)));
  } finally {
    await server.stop();
  }
}
