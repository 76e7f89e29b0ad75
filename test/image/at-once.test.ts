/** Pictures of several concurrent requests: each result is the same as alone, though the decoders share memories. */
import { expect, it } from 'vitest';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { HEIC_CLOCK } from '../pictures/heic.ts';
import { provided } from '../pictures/provided.ts';
import { decoder } from '../service.ts';
import { tiledPicture } from './tiled.ts';

/** Pictures of twelve tiles each, decoded in magick's memory with pauses; and others that would overwrite it. */
const PICTURES: readonly Uint8Array[] = [
  tiledPicture(),
  provided('crossword.jpeg-progressive'),
  tiledPicture(),
  HEIC_CLOCK,
  provided('small.avif-444'),
  provided('small.avif-10-bit'),
  tiledPicture().slice(0, -20_000),
  provided('crossword.jpeg-420'),
  provided('crossword.png-rgb8'),
];

async function input(bytes: Uint8Array): Promise<Float32Array | string> {
  const plan = planFor(bytes);
  if (!plan.ok) return plan.failure.code;
  const prepared = await prepare(plan.value, decoder);
  return prepared.ok ? prepared.value.input : prepared.failure.code;
}

it('is the same alone and among others', async () => {
  const alone: (Float32Array | string)[] = [];
  for (const picture of PICTURES) alone.push(await input(picture));
  expect(alone.filter((one) => typeof one !== 'string').length).toBeGreaterThanOrEqual(8);
  for (let round = 0; round < 3; round++) {
    const turned = PICTURES.map((_, i) => (i * (2 * round + 1) + round) % PICTURES.length);
    const together = await Promise.all(turned.map((i) => input(PICTURES[i] ?? new Uint8Array())));
    for (const [at, i] of turned.entries()) expect(together[at]).toEqual(alone[i]);
  }
});
