/** The results of a section, and how they are printed. */
import type { Spread } from './statistics.ts';

export interface Table {
  readonly title: string;
  /** The machine or engine of the rows, and what the ratios are relative to. */
  readonly about: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Remarks needed to read it, such as a candidate that did not run. */
  readonly notes?: readonly string[];
  /** The summary, printed as the last line. */
  readonly summary?: string;
}

export function markdown({ title, about, head, rows, notes = [], summary }: Table): string {
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows];
  return [
    `## ${title}`,
    about,
    lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    ...notes.map((note) => `- ${note}`),
    ...(summary === undefined ? [] : [summary]),
  ].join('\n\n');
}

/** `12.3 (11.9–13.1)`: the median and the quartiles. */
export function withSpread({ median, low, high }: Spread, digits: number): string {
  if (Number.isNaN(median)) return '–';
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

export function mib(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
