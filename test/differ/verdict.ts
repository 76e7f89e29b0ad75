/** Whether a Worker agrees with other decoders on a file. */
import { toTensor } from '../../bench/accuracy/resize.ts';
import type { Reading, Shown } from '../reference/picture.ts';
import { apart, cosine, embed, embeddingOf, inputOf } from '../reference/worker.ts';

/** Cosine of two embeddings of one picture. JPEG at quality 95 has 0.995 or more against its original. */
const MIN_COSINE = 0.99;
/** Mean difference of the network's input, in levels of 255. */
const MAX_APART = 3;

export type Verdict =
  | 'agrees'
  | 'differs'
  | 'refused'
  /** The references read it but disagree, so there is no right answer. */
  | 'references disagree'
  /** No reference reads it without a warning: it does not count. */
  | 'no reference';

export interface Outcome {
  readonly verdict: Verdict;
  /** The format according to the Worker, or according to the first bytes if the Worker refused it. */
  readonly format: string;
  readonly reason: string;
  readonly way?: string;
  readonly status: number;
  /** By reference. */
  readonly compared: Readonly<Record<string, Comparison>>;
}

export interface Comparison {
  readonly size: string;
  readonly sameSize: boolean;
  readonly cosine?: number;
  readonly apart?: number;
  /** It agrees only if the picture's profile is ignored. */
  readonly withoutProfile?: boolean;
}

interface Seen {
  readonly width: number;
  readonly height: number;
  readonly embedding: Float32Array;
  /** Absent if the Worker does not report it. */
  readonly input?: Float32Array;
}

/** @param readings the references' results, by name. @param tells says whether the Worker answers `/input`. */
export async function outcomeOf(
  url: string,
  file: Uint8Array,
  format: string,
  readings: ReadonlyMap<string, Reading>,
  tells: boolean,
): Promise<Outcome> {
  const sound = [...readings].flatMap(([name, reading]) =>
    reading.kind === 'shown' && reading.warnings.length === 0 ? [[name, reading.shown] as const] : [],
  );
  const answer = await embed(url, file);
  if (!answer.ok) {
    const reason = `${answer.status} ${answer.code}: ${answer.detail}`;
    const verdict = sound.length === 0 ? 'no reference' : 'refused';
    return { verdict, format, reason, status: answer.status, compared: {} };
  }
  const input = tells ? await inputOf(url, file) : undefined;
  const seen: Seen = {
    width: answer.image.width,
    height: answer.image.height,
    embedding: answer.embedding,
    ...(input?.ok && { input: input.input }),
  };
  const way = input?.ok ? { way: input.way } : {};
  const base = { format: answer.image.format, status: 200, ...way };
  const compared: Record<string, Comparison> = {};
  for (const [name, shown] of sound) compared[name] = await compare(url, seen, shown);
  const agreed = Object.values(compared).filter(isSame).length;
  if (sound.length === 0) return { ...base, verdict: 'no reference', reason: 'is answered', compared };
  if (agreed === sound.length) return { ...base, verdict: 'agrees', reason: '', compared };
  const [one, other] = sound;
  if (one && other && !(await areSame(url, one[1], other[1]))) {
    const withWhich = Object.keys(compared).filter((name) => compared[name] && isSame(compared[name]));
    const reason =
      withWhich.length > 0 ? `the Worker agrees with ${withWhich.join()}` : 'the Worker with neither';
    return { ...base, verdict: 'references disagree', reason, compared };
  }
  // Where the references agree within the bounds, the Worker may be just inside one's bound and outside the other's.
  if (agreed > 0) return { ...base, verdict: 'agrees', reason: '', compared };
  return { ...base, verdict: 'differs', reason: reasonOf(compared, seen), compared };
}

function isSame({ sameSize, cosine: angle, apart: difference }: Comparison): boolean {
  return sameSize && (angle ?? 0) >= MIN_COSINE && (difference ?? 0) <= MAX_APART;
}

async function compare(url: string, seen: Seen, shown: Shown): Promise<Comparison> {
  const size = `${shown.width}×${shown.height}`;
  if (shown.width !== seen.width || shown.height !== seen.height) return { size, sameSize: false };
  const by = await measured(url, seen, shown.rgb, shown);
  if (isSame({ size, sameSize: true, ...by }) || shown.plain === undefined) {
    return { size, sameSize: true, ...by };
  }
  const plain = { size, sameSize: true, ...(await measured(url, seen, shown.plain, shown)) };
  return { size, sameSize: true, ...by, withoutProfile: isSame(plain) };
}

async function measured(url: string, seen: Seen, rgb: Uint8Array, { width, height }: Shown) {
  const input = toTensor({ data: rgb, width, height, channels: 3 });
  const angle = cosine(seen.embedding, await embeddingOf(url, input));
  return { cosine: angle, ...(seen.input && { apart: apart(seen.input, input) }) };
}

async function areSame(url: string, one: Shown, other: Shown): Promise<boolean> {
  const input = toTensor({ data: one.rgb, width: one.width, height: one.height, channels: 3 });
  const embedding = await embeddingOf(url, input);
  return isSame(await compare(url, { width: one.width, height: one.height, embedding, input }, other));
}

function reasonOf(compared: Readonly<Record<string, Comparison>>, { width, height }: Seen): string {
  return Object.entries(compared)
    .map(([name, { size, sameSize, cosine: angle, apart: difference, withoutProfile }]) => {
      if (!sameSize) return `${name} has ${size} and the Worker ${width}×${height}`;
      const mean = difference === undefined ? '' : `, the input ${difference.toFixed(1)} of 255`;
      const profile = withoutProfile ? ', and the same without its profile' : '';
      return `cosine to ${name} ${angle?.toFixed(3)}${mean}${profile}`;
    })
    .join('; ');
}
