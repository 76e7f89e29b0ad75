/**
 * Every wasm memory has a maximum, its share of the isolate: the shipped modules are grown as far as they go. A picture
 * that needs more is refused, and the next one is answered.
 */
import { describe, expect, it } from 'vitest';
import jpegWasm from '../../src/image/jpeg/jpeg.wasm';
import { prepare } from '../../src/image/prepare.ts';
import resampleWasm from '../../src/image/resample/resample.wasm';
import { JPEG_MEMORY_BYTES, MAGICK_MEMORY_BYTES, PHOTON_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import type { Way } from '../../src/image/ways/way.ts';
import av1Wasm from '../../vendor/av1.wasm';
import magickWasm from '../../vendor/magick.wasm';
import networkWasm from '../../vendor/network.wasm';
import photonWasm from '../../vendor/photon.wasm';
import { provided } from '../pictures/provided.ts';
import { decoder, post, service } from '../service.ts';
import { heifOf, single } from './heif-files.ts';
import { headerOf } from './stills.ts';

const PAGE_BYTES = 65_536;
/** As `scripts/vendor/network.ts` prints it: the whole session is allocated from the start. */
const NETWORK_BYTES = 363 * PAGE_BYTES;
const RESAMPLE_BYTES = 8 * PAGE_BYTES;

/** The memory of a new instance whose imports do nothing. */
function memoryOf(module: WebAssembly.Module): WebAssembly.Memory {
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] = { ...imports[from], [name]: () => 0 };
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  const memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  if (memory === undefined) throw new Error('no memory is exported');
  return memory;
}

describe('the maximum of a wasm memory', () => {
  it.each([
    ['magick', magickWasm, MAGICK_MEMORY_BYTES],
    ['the network', networkWasm, NETWORK_BYTES],
    ['the JPEG decoder', jpegWasm, JPEG_MEMORY_BYTES],
    ['the resize', resampleWasm, RESAMPLE_BYTES],
  ])('%s', (_name, module, bytes) => {
    const memory = memoryOf(module);
    memory.grow((bytes - memory.buffer.byteLength) / PAGE_BYTES);
    expect(memory.buffer.byteLength).toBe(bytes);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });

  it.each([
    ['photon', photonWasm],
    ['dav1d', av1Wasm],
  ])("is its lender's: %s has no memory of its own", (_name, module) => {
    const imported = WebAssembly.Module.imports(module).filter(({ kind }) => kind === 'memory');
    expect(imported).toHaveLength(1);
  });
});

describe('a picture that takes more memory than its decoder may have', () => {
  const app = service();

  async function classify(bytes: Uint8Array): Promise<{ status: number; body: unknown }> {
    const response = await app.request('/v1/classify', post(bytes));
    return { status: response.status, body: await response.json() };
  }

  it('is refused with the limit and what to do, and the next is answered', async () => {
    // Its header says 0.1 megapixels and its coded data have 4, so that only the memory's maximum stops it.
    const lying = heifOf({ ...single(provided('4mp.avif-10-bit')), width: 400, height: 300 }, []);
    for (let i = 0; i < 3; i++) {
      const { status, body } = await classify(lying);
      expect({ status, body }).toMatchObject({
        status: 422,
        body: {
          code: 'image_memory_exceeded',
          detail: expect.stringMatching(
            /an AVIF .* the 40 MiB of memory .* Shrink the picture, or save it again/,
          ),
        },
      });
      expect(decoder.stats().magickBytes).toBeLessThanOrEqual(MAGICK_MEMORY_BYTES);
      expect(await classify(provided('small.avif-10-bit'))).toMatchObject({ status: 200 });
    }
  });

  it.each<[string, string, Way, number]>([
    ['photon', '8mp.png-rgb8', { decoder: 'photon', shrink: 1, units: 1 }, PHOTON_MEMORY_BYTES],
    ['photon', '2mp.gif', { decoder: 'photon', shrink: 1, units: 1 }, PHOTON_MEMORY_BYTES],
    ['magick', '24mp.jpeg-progressive', { decoder: 'magick', shrink: 1, units: 1 }, MAGICK_MEMORY_BYTES],
    ['magick', '8mp.webp-alpha', { decoder: 'magick', shrink: 1, units: 1 }, MAGICK_MEMORY_BYTES],
  ])('is refused where the account let it through: %s, %s', async (_decoder, name, way, limitBytes) => {
    const bytes = provided(name);
    const prepared = await prepare({ bytes, header: headerOf(bytes), ways: [way] }, decoder);
    expect(prepared).toMatchObject({ ok: false, failure: { code: 'image_memory_exceeded', limitBytes } });
    const { photon, magickBytes } = decoder.stats();
    expect(photon.memoryBytes).toBeLessThanOrEqual(PHOTON_MEMORY_BYTES);
    expect(magickBytes).toBeLessThanOrEqual(MAGICK_MEMORY_BYTES);
    // And another way decodes it.
    expect(await classify(bytes)).toMatchObject({ status: 200 });
    expect(await classify(provided('crossword.png-rgb8'))).toMatchObject({ status: 200 });
  });

  it('is said to be damaged where another decoder had memory enough and found it so', async () => {
    const bytes = provided('8mp.png-rgb8').slice(0, -4000);
    const ways: readonly Way[] = [
      { decoder: 'photon', shrink: 1, units: 1 },
      { decoder: 'rows', shrink: 4, units: 1 },
    ];
    const prepared = await prepare({ bytes, header: headerOf(bytes), ways }, decoder);
    expect(prepared).toMatchObject({ ok: false, failure: { code: 'image_unreadable' } });
  });
});
