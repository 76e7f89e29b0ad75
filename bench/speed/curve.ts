/** The cost of a request by the size of its picture. */
import { firstAnswer, startWorkerd } from '../workerd.ts';
import type { Effort } from './effort.ts';
import { jpegOf, type Picture } from './pictures.ts';
import { mib, type Table, withSpread } from './report.ts';
import { cpuOf, memories, wasmBytesOf } from './requests.ts';
import { type Bundles, classify } from './servers.ts';
import { ratio, spreadOf } from './statistics.ts';

const MEGAPIXELS = [0.05, 0.1, 0.3, 0.5, 1, 2, 4, 8, 12, 24, 48];
/** At this size, the obvious composition already takes the memory of three isolates. */
const MOST_OF_THE_OBVIOUS = 24;
const WARM_UP_REQUESTS = 8;
/** A request takes a few milliseconds of CPU, so a measurement needs several. */
const IN_A_BLOCK = 4;

export async function curve({ parts, obvious }: Bundles, { curveRounds }: Effort): Promise<Table> {
  const ours = await startWorkerd(parts);
  const other = await startWorkerd(obvious);
  const rows: string[][] = [];
  try {
    await firstAnswer(ours.url);
    await firstAnswer(other.url);
    const block = async (url: string, picture: Picture) => {
      for (let i = 0; i < IN_A_BLOCK; i++) await classify(url, picture);
    };
    for (const megapixels of MEGAPIXELS) {
      const picture = await jpegOf(megapixels);
      const contenders = [
        { server: ours, url: `${ours.url}/v1/classify`, ms: [] as number[] },
        ...(megapixels <= MOST_OF_THE_OBVIOUS ? [{ server: other, url: other.url, ms: [] as number[] }] : []),
      ];
      for (const { url } of contenders)
        for (let i = 0; i < WARM_UP_REQUESTS; i++) await classify(url, picture);
      for (let round = 0; round < curveRounds; round++) {
        for (const { server, url, ms } of contenders) {
          ms.push((await cpuOf(server, () => block(url, picture))) / IN_A_BLOCK);
        }
      }
      const [our = [], others = []] = contenders.map(({ ms }) => ms);
      rows.push([
        String(megapixels),
        `${picture.size.width}×${picture.size.height}`,
        (picture.file.length / 1000).toFixed(0),
        withSpread(spreadOf(our), 1),
        withSpread(spreadOf(others), 1),
        withSpread(ratio(our, others), 2),
        mib(wasmBytesOf(await memories(ours))),
      ]);
    }
  } finally {
    await ours.stop();
    await other.stop();
  }
  return {
    title: 'By the size of the picture',
    about: `In workerd, JPEGs of 4 : 3; CPU ms of a warm request, ${curveRounds} rounds of ${IN_A_BLOCK} requests in turns. The wasm memories are those after all pictures up to this one.`,
    head: ['MP', 'pixels', 'kB', 'ours', 'obvious', 'ours / obvious', 'wasm MiB, ours'],
    rows,
  };
}
