/** The unit of all costs: the CPU of a request with a 640×480 JPEG in the same run. */
import { picture } from '../pictures/encode.ts';
import { SPIDER_WEB } from '../pictures/scenes.ts';
import { classify, type Photo } from './measure.ts';
import type { Target } from './target.ts';

const WARM = 40;
const SAMPLES = 9;
/** A request takes a few milliseconds of CPU, so a measurement needs several. */
const IN_A_SAMPLE = 4;

export interface Yardstick {
  /** @throws if the photo is not classified. */
  measure(target: Target): Promise<Photo>;
}

export async function openYardstick(): Promise<Yardstick> {
  const bytes = Uint8Array.from(await picture(SPIDER_WEB, 'jpeg-420', { width: 640, height: 480 }));
  /** The median of single requests over the whole run, because the machine has other load. */
  const samples: number[] = [];
  const warm = new Set<Target>();

  return {
    async measure(target) {
      let text = '';
      const ask = async () => {
        const answer = await classify(target.url, bytes);
        if (answer?.status !== 200) throw new Error(`the photo: ${answer?.status} ${answer?.text}`);
        text = answer.text;
      };
      if (!warm.has(target)) for (let i = 0; i < WARM; i++) await ask();
      warm.add(target);
      for (let i = 0; i < SAMPLES; i++) {
        const begin = target.cpuMs();
        for (let n = 0; n < IN_A_SAMPLE; n++) await ask();
        samples.push((target.cpuMs() - begin) / IN_A_SAMPLE);
      }
      return { bytes, text, cpuMs: medianOf(samples) };
    },
  };
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? Number.NaN;
}
