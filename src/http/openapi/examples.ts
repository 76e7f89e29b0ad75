/** Example requests of the document. Each can be sent unchanged, and a test does so. */

/** A digital clock, 40 × 40, as WebP: drawn for this, and small enough to be shown in base64. */
const CLOCK = [
  'UklGRsYAAABXRUJQVlA4ILoAAABwBgCdASooACgAPxF4slQsJqQjKrVcAYAiCWIA0d0gQ4BXCyKRy+y+NAiwN3SaEUeNsGzHpUzu4C06R4AA',
  '/vCKL+6QvrkDOdSl4cmlI+g+i+eq/cOBa9kWlyscEmLlOTwxBuZH8k0xvP0CXnKsZJMIpx/fzx5FLxK2vexDc9SMCxjN/2BCfz2UTVtt5JwS',
  'PTdT4U6cxvenFC1zIAYo26bfDxGKV9Hyl6ptPRHleLKEpUmiO+9JZKNAAAA=',
].join('');

/** A line of an import: any 1024 numbers are an embedding. */
const LINE = JSON.stringify({
  id: 'screw-17',
  label: 'screw',
  metadata: { shelf: 3 },
  embedding: Array.from({ length: 1024 }, (_, at) => at % 3),
});

export const EXAMPLES = {
  classify: { image: CLOCK, top_k: 2 },
  embed: { image: CLOCK, encoding_format: 'base64', normalize: true },
  batch: { images: [CLOCK, `data:image/webp;base64,${CLOCK}`], top_k: 1 },
  embedBatch: { images: [CLOCK, `data:image/webp;base64,${CLOCK}`], encoding_format: 'base64' },
  addItems: {
    items: [
      { image: CLOCK, label: 'digital clock', id: 'clock-1', metadata: { shelf: 3 } },
      { image: `data:image/webp;base64,${CLOCK}`, label: 'digital clock' },
    ],
  },
  job: { source: { prefix: '2024/' }, task: 'classify', options: { top_k: 1 } },
  importLine: `${LINE}\n`,
  search: { image: CLOCK, top_k: 3 },
  huggingFace: { inputs: CLOCK, parameters: { top_k: 2 } },
  openInference: {
    inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', data: [CLOCK] }],
    outputs: [{ name: 'logits', parameters: { classification: 2 } }],
  },
  repositoryIndex: { ready: true },
  tfPredict: { instances: [{ b64: CLOCK }] },
  tfClassify: { examples: [{ image: { b64: CLOCK } }] },
  workersAi: { image: Array.from(atob(CLOCK), (letter) => letter.charCodeAt(0)) },
} as const;
