/**
 * A Worker that sorts pictures without storing them: it calls the classifier over a service binding.
 *
 *     curl --data-binary @photo.jpg http://localhost:8787/caption
 *     curl -F image=@one.jpg -F image=@two.jpg http://localhost:8787/album
 */
// A project of its own installs the package and imports 'mobilenet-edge/rpc'.
import type { Rpc } from '../../client/rpc.ts';

interface Env {
  /** The bindings of wrangler.toml. Over RPC every method is asynchronous, as these are anyway. */
  readonly CLASSIFIER: Rpc & Pick<Fetcher, 'fetch'>;
}

export default {
  async fetch(request, env): Promise<Response> {
    switch (new URL(request.url).pathname) {
      case '/caption':
        return caption(request, env.CLASSIFIER);
      case '/similarity':
        return similarity(await request.formData(), env.CLASSIFIER);
      case '/album':
        return album(await request.formData(), env.CLASSIFIER);
      default:
        return new Response('POST a picture to /caption, or several to /album or /similarity.', {
          status: 404,
        });
    }
  },
} satisfies ExportedHandler<Env>;

/** The body is passed on as a stream: this Worker never holds the picture. */
async function caption(request: Request, classifier: Rpc): Promise<Response> {
  if (request.body === null) return new Response('Send a picture.', { status: 400 });
  const answer = await classifier.classify(request.body, { top_k: 1 });
  // A tag is right more often than the first class, which every picture gets.
  if (answer.ok) {
    const { tag, predictions } = answer.value;
    return new Response(`This looks like: ${tag ?? predictions[0]?.label}\n`);
  }
  // Failures are values: a code to switch on, a text for people, and the status to pass on.
  switch (answer.error.code) {
    case 'image_format_unsupported':
      return new Response('That is not a picture.\n', { status: 415 });
    default:
      return new Response(`${answer.error.detail}\n`, { status: answer.error.status });
  }
}

/** One label or one reason per picture. */
async function album(form: FormData, classifier: Rpc): Promise<Response> {
  const answer = await classifier.batch(await pictures(form), { top_k: 1 });
  if (!answer.ok) return Response.json(answer.error, { status: answer.error.status });
  return Response.json(
    answer.value.map((item) => (item.ok ? item.value.predictions[0]?.label : `(${item.error.code})`)),
  );
}

/** The cosine of two pictures' embeddings. */
async function similarity(form: FormData, classifier: Rpc): Promise<Response> {
  const vectors: number[][] = [];
  const answer = await classifier.embedBatch(await pictures(form), { normalize: true });
  if (!answer.ok) return Response.json(answer.error, { status: answer.error.status });
  for (const item of answer.value) {
    if (!item.ok) return Response.json(item.error, { status: item.error.status });
    vectors.push([...(item.value.embedding as readonly number[])]);
  }
  const [a = [], b = []] = vectors;
  return Response.json({ cosine: a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) });
}

async function pictures(form: FormData): Promise<ArrayBuffer[]> {
  const files = form.getAll('image').filter((entry): entry is File => entry instanceof File);
  return Promise.all(files.map((file) => file.arrayBuffer()));
}
