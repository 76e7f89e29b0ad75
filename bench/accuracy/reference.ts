import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { type Picture, SIDE, toTensor } from './resize.ts';
import type { Answer } from './worker.ts';

const TOP = 5;

const table = new URL('../../model/labels.json', import.meta.url);
const SYNSETS: string[] = (JSON.parse(readFileSync(table, 'utf8')) as { synset: string }[]).map(
  ({ synset }) => synset,
);

/**
 * The float32 network in native ONNX Runtime, on one thread like the Worker, with pictures decoded by libvips. It
 * shares no code with the Worker, so a bug there cannot be on both sides of the comparison.
 *
 * @param model an ONNX file with its weights inside; `input` [1,3,224,224] in [−1,1], `logits` [1,1001]
 */
export async function createReference(model: string): Promise<(file: string) => Promise<Answer>> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  return async (file) => {
    const input = new Tensor('float32', toTensor(await decode(file)), [1, 3, SIDE, SIDE]);
    const { logits } = await session.run({ input }, ['logits']);
    return { synsets: best(logits?.data as Float32Array) };
  };
}

async function decode(file: string): Promise<Picture> {
  const upright = sharp(file).autoOrient().flatten({ background: 'white' }).toColourspace('srgb');
  const { data, info } = await upright.raw().toBuffer({ resolveWithObject: true });
  if (info.channels < 3) throw new Error(`${file} was decoded to ${info.channels} channels, not to RGB`);
  return { data, ...info };
}

/** The best classes, without output 0, which is background. */
function best(logits: Float32Array): string[] {
  return Array.from(SYNSETS.keys())
    .sort((a, b) => (logits[b + 1] ?? 0) - (logits[a + 1] ?? 0))
    .slice(0, TOP)
    .map((index) => SYNSETS[index] ?? '');
}
