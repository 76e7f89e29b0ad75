/** The summary of a comparison of many files. */
import type { Outcome, Verdict } from './verdict.ts';

export interface Row extends Outcome {
  /** Path below the folder. */
  readonly file: string;
  /** Each reference's result for the file: reads, warns or refuses. */
  readonly references: Readonly<Record<string, string>>;
}

const VERDICTS: readonly Verdict[] = ['agrees', 'differs', 'refused', 'references disagree', 'no reference'];
const REASON_LENGTH = 160;

/** @param worst how many files to list of each format. */
export function print(rows: readonly Row[], worst: number): void {
  const formats = [...new Set(rows.map(({ format }) => format))].sort();
  console.log(`\n| format | files | ${VERDICTS.join(' | ')} | agrees of those that count |`);
  console.log(`|---|--:|${VERDICTS.map(() => '--:|').join('')}--:|`);
  for (const format of formats) line(format, of(rows, format));
  line('all', rows);
  line(
    'all but AVIF and HEIC',
    rows.filter(({ format }) => !/^(avif|heic|heif)$/.test(format)),
  );
  for (const format of formats) list(format, of(rows, format), worst);
  const broken = rows.filter(({ status }) => status >= 500);
  for (const { file, reason } of broken) console.log(`\nA fault of the Worker: ${file}: ${reason}`);
  if (broken.length > 0) process.exitCode = 1;
}

function of(rows: readonly Row[], format: string): readonly Row[] {
  return rows.filter((row) => row.format === format);
}

function line(name: string, rows: readonly Row[]): void {
  const counts = VERDICTS.map((verdict) => rows.filter((row) => row.verdict === verdict).length);
  const [agrees = 0, differs = 0, refused = 0] = counts;
  const counted = agrees + differs + refused;
  const share = counted === 0 ? '' : `${((100 * agrees) / counted).toFixed(1)} % of ${counted}`;
  console.log(`| ${name} | ${rows.length} | ${counts.join(' | ')} | ${share} |`);
}

/** The files that differ most, then the refused ones. */
function list(format: string, rows: readonly Row[], worst: number): void {
  const least = ({ compared }: Row) => Math.min(...Object.values(compared).map(({ cosine }) => cosine ?? -1));
  const differ = rows.filter(({ verdict }) => verdict === 'differs').sort((a, b) => least(a) - least(b));
  const refused = rows.filter(({ verdict }) => verdict === 'refused');
  for (const [verdict, some] of [['differs', differ] as const, ['refused', refused] as const]) {
    if (some.length > 0) console.log(`\n${format}, ${verdict}: ${some.length}`);
    for (const { file, reason, way } of some.slice(0, worst)) {
      console.log(`  ${file}${way ? ` (${way})` : ''}: ${reason.slice(0, REASON_LENGTH)}`);
    }
  }
}
