/** What must compile in another project, and what must not. Nothing here is run. */
import {
  type BatchItem,
  type Classification,
  createClient,
  type ProblemCode,
  ProblemError,
} from 'mobilenet-edge/client';
import type { Rpc } from 'mobilenet-edge/rpc';

export async function goodUsage(photo: Uint8Array, file: Blob): Promise<string> {
  const client = createClient({ url: 'https://classifier.example', key: 'secret', retries: 0 });
  const seen: Classification = await client.classify(photo, { top_k: 3, labels: { exclude: ['tabby'] } });
  await client.classify({ url: 'https://example.com/cat.jpg' }, {}, { signal: AbortSignal.timeout(1000) });
  const vector: Float32Array = (await client.embed(file, { normalize: true })).embedding;
  for await (const item of client.batch([photo, file])) nameOf(item);
  const [label] = await client.labels();
  const [group] = await client.groups();
  const tag: string | null = seen.tag ?? group?.parent ?? null;
  const { matches } = await client.collection('parts').search({ id: 'screw-17' }, { min_similarity: 0.7 });
  const copy: string | undefined = matches.find((match) => match.copy)?.id;
  const { top_k } = await client.limits();
  const card = await client.model();
  return `${seen.predictions[0]?.label} ${vector[0]} ${label?.synset} ${tag} ${top_k.max} ${card.accuracy[0]?.top1} ${copy}`;
}

function nameOf(item: BatchItem): string {
  return item.ok ? `${item.result.predictions[0]?.label}` : item.problem.detail;
}

export function codeOf(error: unknown): ProblemCode | undefined {
  if (!(error instanceof ProblemError) || error.code === 'unexpected_answer') return undefined;
  const facts: [number, string, string | undefined, number | undefined] = [
    error.status,
    error.detail,
    error.request_id,
    error.retryAfter,
  ];
  return facts.length === 4 ? error.code : undefined;
}

export async function bindingUsage(classifier: Rpc, picture: ArrayBuffer): Promise<string> {
  const answer = await classifier.classify(picture, { top_k: 1 });
  if (!answer.ok) return answer.error.code === 'image_unreadable' ? 'broken' : answer.error.detail;
  return answer.value.predictions[0]?.label ?? 'nothing';
}

export async function wrongUsage(photo: Uint8Array, classifier: Rpc): Promise<void> {
  // @ts-expect-error: it must know where the service is.
  const client = createClient({ key: 'secret' });
  // @ts-expect-error: a file's name is not its bytes.
  await client.classify('photo.jpg');
  // @ts-expect-error: options have the names of the API.
  await client.classify(photo, { topK: 3 });
  // @ts-expect-error: a number is wanted.
  await client.classify(photo, { top_k: '3' });
  // @ts-expect-error: a tag may be missing.
  (await client.classify(photo)).tag.length;
  // @ts-expect-error: an item is named by its id.
  await client.collection('parts').search({ name: 'screw-17' });
  // @ts-expect-error: there is no such member.
  (await client.classify(photo)).labels;
  // @ts-expect-error: many pictures, not one.
  client.batch(photo.buffer);
  for await (const item of client.batch([photo])) {
    // @ts-expect-error: it may have failed.
    item.result.predictions;
  }
  // @ts-expect-error: there is no such code.
  codeOf(undefined) === 'image_unreadible';
  const answer = await classifier.embed(photo);
  // @ts-expect-error: it may have failed.
  answer.value;
}
