/** Parses Prometheus' text format strictly: every line that is not a comment is a sample. */

const SAMPLE = /^mobilenet_edge_([a-z_]+)(?:\{(.*)\})? (\d+(?:\.\d+)?)$/;
const LABEL = /([a-z]+)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/g;

/**
 * The sum of a metric's samples that have these labels.
 *
 * @throws if a line is not a sample, or a sample comes before its type.
 */
export function sumOf(text: string, metric: string, wanted: Readonly<Record<string, string>>): number {
  const typed = new Set<string>();
  let sum = 0;
  for (const line of text.trimEnd().split('\n')) {
    const [, type] = /^# TYPE mobilenet_edge_(\S+) (?:counter|gauge)$/.exec(line) ?? [];
    if (type !== undefined) typed.add(type);
    if (line.startsWith('#')) continue;
    const [, name = '', labels = '', value] = SAMPLE.exec(line) ?? [];
    if (value === undefined || !typed.has(name)) throw new Error(`no sample of a typed metric: ${line}`);
    const found = Object.fromEntries(
      [...labels.matchAll(LABEL)].map(([, label = '', text = '']) => [label, text]),
    );
    const fits = Object.entries(wanted).every(([label, value]) => found[label] === value);
    if (name === metric && fits) sum += Number(value);
  }
  return sum;
}
