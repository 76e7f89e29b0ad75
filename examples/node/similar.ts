/**
 * Finds the picture that is most similar to the first, by the cosine of their embeddings.
 *
 *     node examples/node/similar.ts http://127.0.0.1:8787 query.jpg one.jpg two.png three.webp
 */
import { readFile } from 'node:fs/promises';
// A project of its own installs the package and imports 'mobilenet-edge/client'.
import { createClient, ProblemError } from '../../client/client.ts';

const [url, ...files] = process.argv.slice(2);
if (url === undefined || files.length < 2) throw new Error('usage: similar.ts URL QUERY PICTURE…');
const key = process.env.MOBILENET_EDGE_KEY;
const client = createClient({ url, ...(key && { key }) });

try {
  const vectors = await Promise.all(files.map(vectorOf));
  const [query, ...others] = vectors;
  const ranked = others
    .map((vector, i) => ({ file: files[i + 1], cosine: query ? cosine(query, vector) : 0 }))
    .sort((one, other) => other.cosine - one.cosine);
  for (const { file, cosine: value } of ranked) console.log(`${value.toFixed(3)}  ${file}`);
} catch (error) {
  // A refusal says what was wrong, what the limit is and what to do.
  if (!(error instanceof ProblemError)) throw error;
  console.error(`${error.code}: ${error.detail}`);
  process.exitCode = 1;
}

/** 1024 numbers of length 1. */
async function vectorOf(file: string): Promise<Float32Array> {
  const { embedding } = await client.embed(await readFile(file), { normalize: true });
  return embedding;
}

/** The dot product of vectors of length 1. */
function cosine(one: Float32Array, other: Float32Array): number {
  return one.reduce((sum, value, i) => sum + value * (other[i] ?? 0), 0);
}
