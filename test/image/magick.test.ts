import { describe, expect, it } from 'vitest';
import { createMagickDecoder, type MagickReadable, type MagickTask } from '../../src/image/magick/magick.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { MAGICK_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import { provided } from '../pictures/provided.ts';

const MIB = 2 ** 20;
const magick = createMagickDecoder();

function task(format: MagickReadable, bytes: Uint8Array, more: Partial<MagickTask> = {}): MagickTask {
  return { format, bytes, limitBytes: MAGICK_MEMORY_BYTES, ...more };
}

const size = ({ width, height }: Pixels) => ({ width, height });

/** Red, green, blue and alpha of the first pixel. */
function first({
  data,
  layout = { bytesPerPixel: 4, grey: false, alpha: 3 },
}: Pixels): (number | undefined)[] {
  const [red, green, blue] = layout.grey ? [0, 0, 0] : [0, 1, 2];
  return [
    data[red ?? 0],
    data[green ?? 0],
    data[blue ?? 0],
    layout.alpha === undefined ? 255 : data[layout.alpha],
  ];
}

/** They resemble programs, documents and addresses that ImageMagick would follow. */
const TRAPS = {
  svg: '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
  msl: '<?xml version="1.0"?><image><read filename="/xml/policy.xml"/></image>',
  mvg: 'viewbox 0 0 9 9 fill red rectangle 0,0 9,9',
  pdf: '%PDF-1.4\n',
  text: '# ImageMagick pixel enumeration: 1,1,255,srgb\n0,0: (255,0,0)',
  pnm: 'P3 1 1 255 255 0 0',
};

describe('magick', () => {
  it('starts: the imports and exports that its memory is bounded by are there', async () => {
    const decoded = await magick.decode(task('png', provided('crossword.png-rgb8')), size);
    expect(decoded, 'see src/image/magick/magick-instance.ts').toEqual({
      ok: true,
      value: { width: 320, height: 240 },
    });
  });

  it.each([
    ['png', 'png-rgb8'],
    ['png', 'png-rgb16'],
    ['png', 'png-palette8'],
    ['png', 'png-interlaced'],
    ['bmp', 'bmp-24'],
    ['bmp', 'bmp-32'],
    ['webp', 'webp-lossless'],
    ['gif', 'gif'],
  ] as const)('gives the pixels that were stored: %s, %s', async (format, encoding) => {
    const decoded = await magick.decode(task(format, provided(`crossword.${encoding}`)), first);
    // The crossword's background; a palette or the reduction from 16 bits may be off by one.
    const ground = [0xf4, 0xf1, 0xea, 255];
    const misses = decoded.ok
      ? decoded.value.map((byte, i) => Math.abs((byte ?? 0) - (ground[i] ?? 0)))
      : [256];
    expect(Math.max(...misses)).toBeLessThanOrEqual(/palette|gif|16/.test(encoding) ? 1 : 0);
  });

  it.each([
    ['png', 'png-grey8'],
    ['jpeg', 'jpeg-grey'],
    ['bmp', 'bmp-8'],
  ] as const)('tells grey from colour: %s, %s', async (format, encoding) => {
    const decoded = await magick.decode(task(format, provided(`crossword.${encoding}`)), first);
    expect(decoded).toMatchObject({ ok: true });
    const [red = 0, green = 0, blue = 0] = decoded.ok ? decoded.value : [];
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBe(0);
    expect(Math.abs(red - 0xf1)).toBeLessThan(8);
  });

  it('makes sRGB of CMYK as Adobe stores it', async () => {
    const decoded = await magick.decode(task('jpeg', provided('crossword.jpeg-cmyk')), first);
    const [red = 0, green = 0, blue = 0] = decoded.ok ? decoded.value : [];
    // Light and warm, as the background is; inverted it would be dark and blue.
    expect(Math.min(red, green, blue)).toBeGreaterThan(200);
    expect(red).toBeGreaterThan(blue);
  });

  it('says where alpha is', async () => {
    const decoded = await magick.decode(task('png', provided('crossword.png-rgba8')), first);
    expect(decoded).toMatchObject({ ok: true, value: [0xf4, 0xf1, 0xea, 0] });
  });

  it.each([1, 2, 4, 8] as const)('decodes a JPEG at 1/%i, rounded up', async (denominator) => {
    const [width, height] = [1633, 1225];
    const bytes = provided('2mp.jpeg-grey');
    const decoded = await magick.decode(
      task('jpeg', bytes, { scale: { width, height, denominator } }),
      ({ extent, ...pixels }) => ({ ...size(pixels), extent }),
    );
    expect(decoded).toEqual({
      ok: true,
      value: {
        width: Math.ceil(width / denominator),
        height: Math.ceil(height / denominator),
        extent: { width: width / denominator, height: height / denominator },
      },
    });
  });

  it.each(Object.entries(TRAPS))('reads no %s, whatever format is asked for', async (_, text) => {
    const bytes = new TextEncoder().encode(text);
    for (const format of ['jpeg', 'png', 'gif', 'webp', 'bmp', 'tiff', 'avif', 'heic'] as const) {
      expect(await magick.decode(task(format, bytes), size)).toEqual({ ok: false });
    }
  });

  it('reads a file as the format that is named, and as no other', async () => {
    for (const format of ['jpeg', 'gif', 'webp', 'bmp', 'tiff', 'avif'] as const) {
      expect(await magick.decode(task(format, provided('crossword.png-rgb8')), size)).toEqual({ ok: false });
    }
  });

  it('has a policy that forbids them also where no format is named', async () => {
    const { MagickImage, MagickReadSettings } = await import('@imagemagick/magick-wasm');
    for (const [format, text] of Object.entries(TRAPS)) {
      const settings = new MagickReadSettings();
      Object.assign(settings, { format: format.toUpperCase() });
      const read = () => MagickImage.create().read(new TextEncoder().encode(text), settings);
      expect(read, format).toThrow(/NotAuthorized|NoDecodeDelegate/);
    }
    for (const name of [
      'http://witness.test/rss',
      'svg:/xml/policy.xml',
      'label:hello',
      'xc:red',
      '/xml/policy.xml',
    ]) {
      expect(() => MagickImage.create().read(name), name).toThrow(/NotAuthorized|NoDecodeDelegate/);
    }
  });

  it('takes no more memory than it is allowed, and works again after', async () => {
    const limitBytes = Math.max(17 * MIB, magick.memoryBytes());
    const bytes = provided('24mp.jpeg-progressive');
    expect(await magick.decode(task('jpeg', bytes, { limitBytes }), size)).toEqual({ ok: false, limitBytes });
    expect(magick.memoryBytes()).toBeLessThanOrEqual(limitBytes);
    expect(await magick.decode(task('png', provided('crossword.png-rgb8')), size)).toMatchObject({
      ok: true,
    });
  });

  it('needs no more memory for pictures after others than for the dearest of them', async () => {
    const pictures = [
      ['png', '2mp.png-rgba8'],
      ['gif', '2mp.gif'],
      ['webp', '2mp.webp-lossy'],
      ['webp', '2mp.webp-lossless'],
    ] as const;
    for (const [format, name] of pictures) await magick.decode(task(format, provided(name)), size);
    const memoryBytes = magick.memoryBytes();
    for (let i = 0; i < 20; i++) {
      const [format, name] = pictures[(i * 7) % pictures.length] ?? pictures[0];
      expect(await magick.decode(task(format, provided(name)), size)).toMatchObject({ ok: true });
      await magick.decode(task(format, provided(name).subarray(0, 5000 + i * 100)), size);
    }
    expect(magick.memoryBytes()).toBe(memoryBytes);
  });

  it('gives the same pixels for the same file, whatever came before', async () => {
    const sum = ({ data }: Pixels) => data.reduce((total, byte) => (total * 31 + byte) | 0, 0);
    const file = task('webp', provided('crossword.webp-lossy'));
    const before = await magick.decode(file, sum);
    await magick.decode(task('jpeg', provided('12mp.jpeg-420').subarray(0, 90_000)), sum);
    await magick.decode(task('avif', provided('1mp.avif').subarray(0, 3000)), sum);
    expect(await magick.decode(file, sum)).toEqual(before);
  });

  it('passes on what its user throws', async () => {
    const file = task('png', provided('crossword.png-rgb8'));
    const boom = () => {
      throw new RangeError('boom');
    };
    await expect(magick.decode(file, boom)).rejects.toThrow('boom');
    expect(await magick.decode(file, size)).toMatchObject({ ok: true });
  });
});
