/** The OpenAPI document, made of the schemas that check requests and type answers. */
import { createDocument } from 'zod-openapi';
import { version } from '../../../package.json';
import { PROBLEM_EXAMPLES } from './answers.ts';
import { huggingFacePaths } from './huggingface.ts';
import { nativePaths } from './native.ts';
import { openInferencePaths } from './openinference.ts';
import { KEY_HEADER_SCHEME, KEY_SCHEME, TAG_TEXTS } from './texts.ts';
import { tfServingPaths } from './tfserving.ts';
import { workersAiPaths } from './workersai.ts';

type OpenApiDocument = ReturnType<typeof createDocument>;

const INFO = {
  title: 'mobilenet-edge',
  version,
  description:
    'What is in a picture: MobileNetV3-Small on the edge node that takes the request. Every failure is ' +
    'problem details (RFC 9457) with a stable `code`; `/docs` says what each means.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

let document: OpenApiDocument | undefined;

/** Made by the first caller who asks for it, once per isolate. */
export function openApiDocument(): OpenApiDocument {
  document ??= createDocument(
    {
      openapi: '3.1.0',
      info: INFO,
      servers: [{ url: '/' }],
      tags: TAG_TEXTS,
      paths: {
        ...nativePaths,
        ...huggingFacePaths,
        ...openInferencePaths,
        ...tfServingPaths,
        ...workersAiPaths,
      },
      components: {
        securitySchemes: { key: KEY_SCHEME, keyHeader: KEY_HEADER_SCHEME },
        examples: PROBLEM_EXAMPLES,
      },
    },
    { override: ({ jsonSchema }) => withoutNoise(jsonSchema) },
  );
  return document;
}

/** zod says more than is meant: what TypeScript may not write, that numbers are safe, that bytes are "binary". */
function withoutNoise(schema: Record<string, unknown>): void {
  delete schema.readOnly;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.contentEncoding === 'binary') delete schema.contentEncoding;
  // An answer may gain members within /v1.
  if (schema.additionalProperties === false) delete schema.additionalProperties;
}
