/** The measurements of a run, one line each. */
import type { Bomb } from './bomb.ts';
import type { Taken } from './measure.ts';

export interface Row {
  readonly bomb: Bomb;
  readonly size: number;
  readonly isGzipped: boolean;
  readonly taken: Taken;
  /** CPU as a multiple of a request with a JPEG of 640×480. */
  readonly times: number;
}

const HEAD = [
  'bomb',
  'size',
  'sent',
  'answer',
  '× JPEG',
  'ms',
  'beside ms',
  'peak MiB',
  'photon/jpeg/magick MiB',
];

/** As Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const head = [HEAD, HEAD.map(() => '---')].map((cells) => `| ${cells.join(' | ')} |`);
  return [...head, ...rows.map(lineOf)].join('\n');
}

export function lineOf({ bomb, size, isGzipped, taken, times }: Row): string {
  const { memory } = taken;
  const mib = (bytes: number | undefined) => (bytes === undefined ? '–' : (bytes / 2 ** 20).toFixed(1));
  const cells = [
    bomb.name,
    `${size.toLocaleString('en')} ${bomb.unit}`,
    `${bytesText(taken.sentBytes)}${isGzipped ? ' gzip' : ''}`,
    taken.status === 0 ? 'none' : `${taken.status} ${taken.code}`.trim(),
    `${taken.status === 0 ? '≥ ' : ''}${times.toFixed(times < 10 ? 1 : 0)}`,
    taken.milliseconds.toFixed(0),
    taken.beside.milliseconds.toFixed(0),
    taken.peakMiB.toFixed(0),
    `${mib(memory?.photon)}/${mib(memory?.jpeg)}/${mib(memory?.magick)}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function bytesText(bytes: number): string {
  return bytes < 1e4
    ? `${bytes} B`
    : bytes < 1e6
      ? `${(bytes / 1e3).toFixed(0)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`;
}
