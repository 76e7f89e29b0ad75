/** Counts outcomes by format and status, and where we and the other reader differ. */
import type { Answer } from './ask.ts';
import type { Reading } from './peer.ts';
import type { Format } from './seeds.ts';

/** Known reasons why we and sharp differ; a key is the start of `format: reason`. */
const KNOWN: Readonly<Record<string, string>> = {
  'jpeg image_unreadable': 'libjpeg fills in for damage that photon refuses',
  'tiff image_unreadable': 'libtiff passes over fields that photon refuses',
  'gif image_unreadable': 'the first frame is broken off or out of place, and sharp fills in',
  'png image_unreadable': 'libpng passes over damage outside the pixels',
  'tiff: sharp says "tiffnvips: source input': 'sharp was told to stop at every warning',
  'webp: sharp says "Input buffer': 'libwebp holds the file to the size it states, photon does not',
  'webp: sharp says "webpnvips': 'photon fills in for damage that libwebp refuses',
  'jpeg: sharp says "VipsJpeg: ': 'magick reads on after a warning of libjpeg, sharp was told not to',
};

export interface Tally {
  add(format: Format, answer: Answer, peer: Reading | undefined): void;
  lines(): readonly string[];
}

export function createTally(): Tally {
  const outcomes = new Map<Format, Map<string, number>>();
  const refusedByUs = new Map<string, number>();
  const readByUs = new Map<string, number>();
  let [both, neither] = [0, 0];

  return {
    add(format, answer, peer) {
      const ofFormat = outcomes.get(format) ?? new Map<string, number>();
      outcomes.set(format, ofFormat);
      count(ofFormat, `${answer.status}${answer.code === '' ? '' : ` ${answer.code}`}`);
      if (peer === undefined) return;
      const weRead = answer.status === 200;
      if (weRead && peer.reads) both++;
      else if (weRead && !peer.reads) count(readByUs, `${format}: sharp says "${peer.reason}"`);
      else if (peer.reads) count(refusedByUs, `${format} ${answer.code}: ${reasonOf(answer.detail)}`);
      else neither++;
    },
    lines: () => [
      ...[...outcomes].map(
        ([format, counts]) => `${format.padEnd(5)} ${sorted(counts).map(short).join(', ')}`,
      ),
      `sharp and we agree: ${both} read, ${neither} refused`,
      ...section('sharp reads, we refuse', refusedByUs),
      ...section('we read, sharp refuses', readByUs),
    ],
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

function short([what, times]: readonly [string, number]): string {
  return `${times}× ${what}`;
}

function section(title: string, counts: ReadonlyMap<string, number>): string[] {
  const total = [...counts.values()].reduce((sum, times) => sum + times, 0);
  const rows = sorted(counts).map(([what, times]) => `  ${times}× ${what}${knownReason(what)}`);
  return [`${title}: ${total}`, ...rows];
}

function knownReason(what: string): string {
  const key = Object.keys(KNOWN).find((start) => what.startsWith(start));
  return key === undefined ? '' : ` (${KNOWN[key]})`;
}

/** The part that says what is wrong, without numbers, which differ between files. */
function reasonOf(detail: string): string {
  const [, reason = detail] = /^This looks like an? \w+ file, but (.*?)\. Save/.exec(detail) ?? [];
  return reason.replaceAll(/\d+(?:\.\d+)?/g, 'n').slice(0, 90);
}
