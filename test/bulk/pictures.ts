/** Drawn pictures for a bucket, a tenth of them broken. */
import { draw, type Encoding, encode } from '../pictures/encode.ts';
import { SCENES } from '../pictures/scenes.ts';

export interface Drawn {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isBroken: boolean;
}

const ENCODED: readonly Encoding[] = ['jpeg-420', 'jpeg-progressive', 'png-rgb8', 'webp-lossy', 'gif'];
/** Small, because decoding is not what is tested. */
const WIDTHS = [64, 160, 320];
const BROKEN_EVERY = 10;

/** All files differ: each is also classified alone, to compare. */
export async function drawPictures(): Promise<readonly Drawn[]> {
  const sound: Drawn[] = [];
  for (const scene of SCENES) {
    for (const width of WIDTHS) {
      const size = { width, height: Math.round(width * 0.75) };
      const rgb = await draw(scene, size);
      for (const encoding of ENCODED) {
        sound.push({ bytes: Uint8Array.from(await encode(rgb, encoding, size)), isBroken: false });
      }
    }
  }
  const broken = sound.filter((_, i) => i % BROKEN_EVERY === 0).map(({ bytes }, i) => broke(bytes, i));
  return [...sound, ...broken];
}

/** Truncated, another file, or empty. */
function broke(bytes: Uint8Array<ArrayBuffer>, i: number): Drawn {
  const cut = [bytes.slice(0, 40), new TextEncoder().encode('no picture'), new Uint8Array(0)][i % 3];
  return { bytes: cut ?? bytes, isBroken: true };
}

export function keyOf(i: number): string {
  return `in/${String(i).padStart(6, '0')}`;
}

/** The picture of a key: every tenth is broken. */
export function pictureAt(pictures: readonly Drawn[], i: number): Drawn {
  const pool = pictures.filter(({ isBroken }) => isBroken === (i % BROKEN_EVERY === 0));
  const picture = pool[i % pool.length];
  if (picture === undefined) throw new Error('Nothing was drawn.');
  return picture;
}
