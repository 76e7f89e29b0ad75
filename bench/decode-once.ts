/**
 * A thread that decodes one file with one decoder, so that each measurement has its own instances.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { openAv1 } from '../src/image/av1/dav1d.ts';
import type { HeifHeader, ImageHeader } from '../src/image/header.ts';
import { assemble } from '../src/image/heif/assemble.ts';
import { av1Pieces } from '../src/image/heif/av1-pieces.ts';
import { codedPieces } from '../src/image/heif/coded.ts';
import { magickPieces } from '../src/image/heif/magick-pieces.ts';
import { decodeJpeg } from '../src/image/jpeg/decode.ts';
import { jpegMemoryBytes } from '../src/image/jpeg/kernel.ts';
import { createMagickDecoder, isMagickReadable } from '../src/image/magick/magick.ts';
import { partsOf } from '../src/image/parts/parts.ts';
import { createPhotonDecoder } from '../src/image/photon.ts';
import type { Picture } from '../src/image/pixels.ts';
import { toInput } from '../src/image/resample/resample.ts';
import { sniff } from '../src/image/sniff.ts';
import { atOnce, UNHURRIED } from '../src/image/turns.ts';
import { decodeWebp } from '../src/image/webp/decode.ts';

export type DecoderName = 'photon' | 'planes' | 'magick' | 'rows' | 'av1';

export interface Job {
  readonly file: Uint8Array;
  readonly decoder: DecoderName;
  /** JPEG with magick and with our own decoder, and WebP by rows. */
  readonly denominator: 1 | 2 | 4 | 8;
  readonly repeats: number;
}

export interface Measured {
  /**
   * Wasm memory after the first decode, and after the last decode of the same file; for rows, the array buffers
   * allocated.
   */
  readonly memoryBytes: readonly [number, number];
  /** From the start to the network's input: loading, decoding, resampling. */
  readonly firstMs: number;
  /** Decoding and resampling when everything is warm: the median. */
  readonly thenMs: number;
}

/** More than any of the measured pictures takes. */
const LOAN_BYTES = 2 ** 28;

const job: Job = workerData;
parentPort?.postMessage(await measure(job));

async function measure({ file, decoder, denominator, repeats }: Job): Promise<Measured | undefined> {
  const sniffed = sniff(file);
  if (sniffed.kind !== 'picture') return undefined;
  const { header } = sniffed;
  const photon = createPhotonDecoder();
  const magick = createMagickDecoder();
  const use = (picture: Picture) => toInput(picture, 1);
  const decode = async () => {
    if (decoder === 'photon') return photon.decode(partsOf(file, header), use);
    if (decoder === 'planes') {
      const planes = header.format === 'jpeg' ? decodeJpeg(file, header, denominator) : undefined;
      return { ok: planes !== undefined && use(planes) !== undefined };
    }
    if (decoder === 'rows') {
      const pixels = header.format === 'webp' ? atOnce(decodeWebp(file, header, denominator)) : undefined;
      return { ok: pixels !== undefined && use(pixels) !== undefined };
    }
    if (decoder === 'av1') return decodeAv1InFull(file, header);
    if (header.format === 'avif' || header.format === 'heic') {
      const pixels = await assemble(magickPieces(magick, header, UNHURRIED, 2 ** 31), file, header, 1);
      return { ok: pixels !== undefined && use(pixels) !== undefined };
    }
    if (!isMagickReadable(header.format)) return { ok: false };
    const scale = header.format === 'jpeg' ? { scale: { ...header, denominator } } : {};
    return magick.decode({ format: header.format, bytes: file, limitBytes: 2 ** 31, ...scale }, use);
  };
  const buffersBefore = process.memoryUsage().arrayBuffers;
  let takenByAv1 = 0;
  const decodeAv1InFull = async (bytes: Uint8Array, header: ImageHeader) => {
    if (header.format !== 'avif') return { ok: false };
    takenByAv1 ||= await av1BytesTaken(bytes, header);
    const pixels = await assemble(av1Pieces(magick, LOAN_BYTES, header.numbers, UNHURRIED), bytes, header, 1);
    return { ok: pixels !== undefined && use(pixels) !== undefined };
  };
  const av1BytesTaken = async (bytes: Uint8Array, header: HeifHeader) => {
    const pieces = codedPieces(bytes, header, header.itemId);
    const taken = await magick.lend(LOAN_BYTES, async (memory) => {
      const av1 = openAv1(memory);
      const isWhole = pieces?.pictures.every(({ data }) => av1?.decode(data, Number.POSITIVE_INFINITY));
      return isWhole ? (av1?.takenBytes() ?? 0) : 0;
    });
    return taken.ok ? taken.value : 0;
  };
  const memory = () => {
    if (decoder === 'rows') return process.memoryUsage().arrayBuffers - buffersBefore;
    if (decoder === 'av1') return takenByAv1;
    if (decoder === 'planes') return jpegMemoryBytes();
    return decoder === 'photon' ? photon.stats().memoryBytes : magick.memoryBytes();
  };

  const times: number[] = [];
  let first = 0;
  for (let i = 0; i <= repeats; i++) {
    const start = performance.now();
    if (!(await decode()).ok) return undefined;
    times.push(performance.now() - start);
    if (i === 0) first = memory();
  }
  const [firstMs = 0, ...later] = times;
  later.sort((a, b) => a - b);
  return { memoryBytes: [first, memory()], firstMs, thenMs: later[later.length >> 1] ?? firstMs };
}
