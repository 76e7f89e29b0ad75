/**
 * The OpenAPI document, derived from the schemas that validate requests and type answers. No Worker loads this module:
 * the document is created when one is bundled (`scripts/vendor/openapi.mjs`).
 */
import { createDocument } from 'zod-openapi';
import { version } from '../../../package.json';
import { PROBLEM_EXAMPLES } from './answers.ts';
import { collectionPaths } from './collections.ts';
import { huggingFacePaths } from './huggingface.ts';
import { jobPaths } from './jobs.ts';
import { nativePaths } from './native.ts';
import { openInferencePaths } from './openinference.ts';
import { KEY_HEADER_SCHEME, KEY_SCHEME, TAG_TEXTS } from './texts.ts';
import { tfServingPaths } from './tfserving.ts';
import { transferPaths } from './transfer.ts';
import { workersAiPaths } from './workersai.ts';

type OpenApiDocument = ReturnType<typeof createDocument>;

const INFO = {
  title: 'mobilenet-edge',
  version,
  description:
    'Image classification with MobileNetV3-Small on the edge node that takes the request. Every failure is ' +
    'problem details (RFC 9457) with a stable `code`; `/docs` explains each code.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

/** The document without `servers`: a deployment adds its own URL. */
export function openApiDocument(): OpenApiDocument {
  return createDocument(
    {
      openapi: '3.1.0',
      info: INFO,
      // Operations without their own `security` need no key.
      security: [],
      tags: TAG_TEXTS,
      paths: {
        ...nativePaths,
        ...collectionPaths,
        ...transferPaths,
        ...jobPaths,
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
    { override: ({ jsonSchema }) => plain(jsonSchema) },
  );
}

/**
 * zod's output says more than is meant: what TypeScript may not write, that numbers are safe, that bytes are "binary".
 * And it ends a tuple with `items: false`, for which client generators need a schema.
 */
function plain(schema: Record<string, unknown>): void {
  delete schema.readOnly;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.contentEncoding === 'binary') delete schema.contentEncoding;
  if (Array.isArray(schema.prefixItems)) {
    const { length } = schema.prefixItems;
    Object.assign(schema, { items: { anyOf: schema.prefixItems }, minItems: length, maxItems: length });
  }
  // An answer may gain members within /v1.
  if (schema.additionalProperties === false) delete schema.additionalProperties;
}
