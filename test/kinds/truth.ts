/**
 * What a file of the matrix shows, according to a decoder that shares nothing with the Worker.
 *
 * For a lossless file that is the picture it was made from, once another decoder has confirmed the file. For a lossy
 * one it is the result of another decoder.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { toTensor } from '../../bench/accuracy/resize.ts';
import type { Reference, Shown } from '../reference/picture.ts';
import { apart } from '../reference/worker.ts';
import type { Row } from './matrix.ts';

/** Between two decoders of a lossless file: they round 16 bits and alpha differently. */
const MAX_BETWEEN_DECODERS = 1;
/** Between the drawing and its lossy file. */
const MAX_LOST = 8;

export interface Truth {
  /** The network's input: 3 planes of 224×224 in [−1, 1]. */
  readonly input: Float32Array;
  /** The same with alpha ignored; absent if there is none. */
  readonly opaque?: Float32Array;
}

export interface Oracle {
  /** @throws if no decoder confirms the file, or one does although the row says that none can. */
  truthOf(row: Row): Promise<Truth>;
}

/** @param references tried in order. */
export function oracle(folder: string, references: readonly Reference[]): Oracle {
  const kept = new Map<string, Float32Array>();
  const drawn = (name: string, { width, height }: Row): Float32Array => {
    const input = kept.get(name) ?? inputOf({ width, height, rgb: readFileSync(path.join(folder, name)) });
    kept.set(name, input);
    return input;
  };

  /** The first result that shows nearly the same. Warnings are allowed for files that are damaged on purpose. */
  async function confirmed(row: Row, input: Float32Array): Promise<Float32Array | undefined> {
    const most = row.lossy ? MAX_LOST : MAX_BETWEEN_DECODERS;
    for (const reference of references) {
      const reading = await reference.read(path.join(folder, row.file));
      if (reading.kind === 'refused' || reading.shown.width !== row.width) continue;
      if (reading.shown.height !== row.height || (reading.warnings.length > 0 && !row.lossy)) continue;
      const other = inputOf(reading.shown);
      if (apart(other, input) <= most) return other;
    }
    return undefined;
  }

  return {
    async truthOf(row) {
      const input = drawn(row.shows, row);
      const opaque = row.opaque === undefined ? {} : { opaque: drawn(row.opaque, row) };
      const asDrawn = { input, ...opaque };
      // The same encoder writes the small one and the others.
      if (!row.lossy && row.size !== 'small') return asDrawn;
      const other = await confirmed(row, input);
      if (other === undefined && row.alone === undefined) throw new Error('no other decoder shows the same');
      if (other !== undefined && row.alone !== undefined && !row.lossy) {
        throw new Error('another decoder does show the same: the row need not stand alone');
      }
      return row.lossy && other !== undefined ? { input: other, ...opaque } : asDrawn;
    },
  };
}

function inputOf({ width, height, rgb }: Shown): Float32Array {
  return toTensor({ data: rgb, width, height, channels: 3 });
}
