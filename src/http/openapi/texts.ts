/** Names and texts that several parts of the document share. */

export const TAGS = {
  pictures: 'Pictures',
  collections: 'Collections',
  jobs: 'Jobs',
  facts: 'Facts',
  huggingFace: 'Hugging Face',
  openInference: 'Open Inference Protocol',
  tfServing: 'TensorFlow Serving',
  workersAi: 'Workers AI',
} as const;

export const TAG_TEXTS = [
  { name: TAGS.pictures, description: 'Classify or embed one picture or many.' },
  {
    name: TAGS.collections,
    description:
      'Classes of your own from a few pictures: add some of each to a collection, then classify with `/v1/classify?collection=NAME`.',
  },
  { name: TAGS.jobs, description: 'Classify or embed all pictures of a bucket.' },
  { name: TAGS.facts, description: 'Classes, groups, the model and the limits of this deployment.' },
  { name: TAGS.huggingFace, description: 'For clients of Hugging Face image classification.' },
  { name: TAGS.openInference, description: 'Version 2, with binary tensors and classification.' },
  { name: TAGS.tfServing, description: 'For clients of its REST API.' },
  { name: TAGS.workersAi, description: "For clients of Cloudflare's REST API." },
];

/** A deployment decides whether a key is needed, so both are described. */
export const OPTIONAL_KEY = [{ key: [] }, { keyHeader: [] }, {}];

export const KEY_SCHEME = {
  type: 'http',
  scheme: 'bearer',
  description:
    'A deployment may need a key for the routes that cost CPU; `anonymous` in `/v1/limits` says whether it does.',
} as const;

/** The same key, for clients that need `Authorization` for something else. */
export const KEY_HEADER_SCHEME = { type: 'apiKey', in: 'header', name: 'x-api-key' } as const;
