/** Classifies with a head that was exported as ONNX, in onnxruntime-web. */
import { InferenceSession, Tensor } from './onnxruntime-web/ort.wasm.bundle.min.mjs';

const SERVICE = new URLSearchParams(location.search).get('service') ?? location.origin;

const status = document.querySelector('[role=status]');
const list = document.querySelector('ol');

const head = await (await fetch('head.onnx')).arrayBuffer();
// Once for the page: a head needs no warm-up and answers in a millisecond.
const session = await InferenceSession.create(new Uint8Array(head));
const labels = await labelsOf();
status.textContent = `Tells apart: ${labels.join(', ')}.`;

document.querySelector('input').addEventListener('change', async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  status.textContent = 'Asking for the embedding…';
  const response = await fetch(`${SERVICE}/v1/embed`, { method: 'POST', body: file });
  const answer = await response.json();
  // A refusal says what was wrong, what the limit is and what to do.
  if (!response.ok) {
    status.textContent = answer.detail;
    return;
  }
  const embedding = new Tensor('float32', Float32Array.from(answer.embedding), [1, 1024]);
  const { probabilities, similarity, unknown } = await session.run({ embedding });
  const ranked = labels
    .map((label, at) => ({ label, score: probabilities.data[at] }))
    .sort((one, other) => other.score - one.score);
  list.replaceChildren(
    ...ranked.map(({ label, score }) => {
      const line = document.createElement('li');
      line.textContent = `${label} ${score.toFixed(6)}`;
      return line;
    }),
  );
  const known = unknown.data[0] ? 'Unknown' : 'Known';
  status.textContent = `${known}: the nearest label has a similarity of ${similarity.data[0].toFixed(6)}.`;
});

/** onnxruntime-web does not expose a model's metadata to pages, so the labels come from the JSON of the same head. */
async function labelsOf() {
  const response = await fetch('head.json');
  return (await response.json()).labels;
}
