import { describe, expect, it } from 'vitest';
import { createPhotonDecoder } from '../../src/image/photon.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { PHOTON_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import { photonWay } from '../../src/image/ways/photon.ts';
import photonWasm from '../../vendor/photon.wasm';
import { png } from '../pictures/png.ts';
import { provided } from '../pictures/provided.ts';
import { headerOf } from './stills.ts';

const size = ({ width, height, data }: Pixels) => ({ width, height, bytes: data.byteLength });

describe('the glue around photon', () => {
  it('finds the exports and the layout that it knows', () => {
    const names = WebAssembly.Module.exports(photonWasm).map(({ name }) => name);
    expect(names, 'a new @cf-wasm/photon has changed its exports: see src/image/photon.ts').toEqual(
      expect.arrayContaining([
        'memory',
        'growthFailed',
        '__wbindgen_externrefs',
        '__wbindgen_start',
        '__wbindgen_malloc',
        '__wbindgen_free',
        'photonimage_new_from_byteslice',
        '__wbg_photonimage_free',
      ]),
    );
    const decoded = createPhotonDecoder().decode([provided('crossword.png-rgb8')], size);
    expect(decoded).toEqual({ ok: true, value: { width: 320, height: 240, bytes: 320 * 240 * 4 } });
  });

  it('gives the pixels that were stored', () => {
    const decoder = createPhotonDecoder();
    const first = ({ data }: Pixels) => [...data.subarray(0, 4)];
    const png = decoder.decode([provided('crossword.png-rgb8')], first);
    const bmp = decoder.decode([provided('crossword.bmp-24')], first);
    // The crossword's background.
    expect(png).toEqual({ ok: true, value: [0xf4, 0xf1, 0xea, 255] });
    expect(bmp).toEqual(png);
  });

  it('takes a file in parts', () => {
    const file = provided('crossword.jpeg-420');
    const parts = [file.subarray(0, 100), file.subarray(100, 101), file.subarray(101)];
    expect(createPhotonDecoder().decode(parts, size)).toMatchObject({ ok: true });
  });

  it('keeps one instance through 999 broken files and replaces it at the next', () => {
    const decoder = createPhotonDecoder();
    const broken = [provided('crossword.png-palette1').subarray(0, 200)];
    for (let i = 0; i < 999; i++) expect(decoder.decode(broken, size)).toEqual({ ok: false });
    expect(decoder.stats()).toMatchObject({ traps: 999, instances: 1 });
    decoder.decode(broken, size);
    expect(decoder.decode([provided('crossword.jpeg-420')], size)).toMatchObject({ ok: true });
    expect(decoder.stats()).toMatchObject({ traps: 1000, instances: 2 });
  });

  it('refuses a picture that takes more memory than there is, and shows the next in the same memory', () => {
    const decoder = createPhotonDecoder();
    const large = [provided('2mp.png-rgba8')];
    for (let i = 1; i <= 5; i++) {
      expect(decoder.decode(large, size)).toEqual({ ok: false, limitBytes: PHOTON_MEMORY_BYTES });
      expect(decoder.stats().memoryBytes).toBeLessThanOrEqual(PHOTON_MEMORY_BYTES);
      expect(decoder.decode([provided('crossword.png-rgb8')], size)).toMatchObject({ ok: true });
      expect(decoder.stats()).toMatchObject({ traps: i, instances: 1 + i });
    }
  });

  it('tells a damaged picture from one that is too large, after one that was', () => {
    const decoder = createPhotonDecoder();
    expect(decoder.decode([provided('2mp.png-rgba8')], size)).toEqual({
      ok: false,
      limitBytes: PHOTON_MEMORY_BYTES,
    });
    const broken = [provided('crossword.png-palette1').subarray(0, 200)];
    expect(decoder.decode(broken, size)).toEqual({ ok: false });
    expect(decoder.stats()).toMatchObject({ traps: 2, instances: 2 });
  });

  it('shows the largest picture that the account lets through, again and again in the same memory', () => {
    const decoder = createPhotonDecoder();
    const kind = { colour: 'grey', depth: 8 } as const;
    const header = headerOf(png(new Uint8Array(64), { width: 8, height: 8 }, kind));
    const side = Math.floor(Math.sqrt(photonWay.holds(header, 1, 4096)));
    const file = [png(new Uint8Array(side * side), { width: side, height: side }, kind)];
    expect(decoder.decode(file, size)).toMatchObject({ ok: true, value: { width: side } });
    const { memoryBytes } = decoder.stats();
    for (let i = 0; i < 5; i++) expect(decoder.decode(file, size)).toMatchObject({ ok: true });
    expect(decoder.stats()).toMatchObject({ memoryBytes, traps: 0, instances: 1 });
    expect(memoryBytes).toBeLessThanOrEqual(PHOTON_MEMORY_BYTES);
  });

  it('holds no more memory after many broken files than after one', () => {
    const decoder = createPhotonDecoder();
    const file = provided('portrait.jpeg-420');
    const broken = [file.subarray(0, file.byteLength / 2)];
    expect(decoder.decode(broken, size)).toEqual({ ok: false });
    const { memoryBytes } = decoder.stats();
    for (let i = 0; i < 20; i++) decoder.decode(broken, size);
    expect(decoder.stats().memoryBytes).toBeLessThanOrEqual(memoryBytes + 1024 * 1024);
  });

  it('frees the picture also when its user throws', () => {
    const decoder = createPhotonDecoder();
    const file = [provided('portrait.jpeg-420')];
    const boom = () => {
      throw new Error('boom');
    };
    expect(() => decoder.decode(file, boom)).toThrow('boom');
    const { memoryBytes } = decoder.stats();
    for (let i = 0; i < 5; i++) expect(() => decoder.decode(file, boom)).toThrow('boom');
    expect(decoder.stats().memoryBytes).toBe(memoryBytes);
  });
});
