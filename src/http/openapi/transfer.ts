/** Export, import and versions of collections in the document. */
import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { importedHeadSchema } from '../../transfer/head-import.ts';
import { importedItemsSchema } from '../../transfer/item-import.ts';
import { exportOptionsSchema, importOptionsSchema } from '../../transfer/options.ts';
import { exportedHeadSchema, portableHeadSchema } from '../../transfer/portable-head.ts';
import { exportedItemSchema, importLineSchema } from '../../transfer/portable-item.ts';
import { versionsSchema } from '../../transfer/version-answer.ts';
import { LATEST } from '../routes/versions.ts';
import { answer, json, problems } from './answers.ts';
import { BODY, JSON_BODY } from './codes.ts';
import { CHANGED, common, named, SEEN } from './collections.ts';
import { EXAMPLES } from './examples.ts';

const ITSELF = 'An export is the collection itself, so only its owner gets it, even if it is shared.';

const versionNamed = named.extend({
  version: z
    .string()
    .describe('The number of a kept version.')
    .meta({ param: { example: '21' } }),
});

const versionOrLatest = named.extend({
  version: z
    .string()
    .describe(`The number of a kept version, or \`${LATEST}\` for the newest, now and later.`)
    .meta({ param: { example: LATEST } }),
});

export const transferPaths: ZodOpenApiPathsObject = {
  '/v1/collections/{name}/export': {
    get: {
      ...common,
      operationId: 'exportCollection',
      summary: 'Export a collection',
      description: `The trained head, as JSON or as an ONNX graph that takes embeddings, or the items, streamed as one line each. ${ITSELF}`,
      requestParams: { path: named, query: exportOptionsSchema },
      responses: {
        200: answer('The file.', {
          'application/json': { schema: exportedHeadSchema },
          'application/octet-stream': {
            schema: { type: 'string', contentMediaType: 'application/octet-stream' },
          },
          'application/x-ndjson': { schema: exportedItemSchema },
        }),
        ...problems([...SEEN, 'collection_untaught', 'version_unknown', 'item_unknown', 'option_invalid']),
      },
    },
  },
  '/v1/collections/{name}/import': {
    post: {
      ...common,
      operationId: 'importCollection',
      summary: 'Import an export',
      description:
        'Lines of items, each kept as it comes, so that a file that broke off can be sent again; or a head as JSON, which ' +
        'then answers, though its items are not there. The content type says which it is, or `format`.',
      requestParams: { path: named, query: importOptionsSchema },
      requestBody: {
        required: true,
        content: {
          'application/x-ndjson': { schema: importLineSchema, example: EXAMPLES.importLine },
          'application/json': { schema: portableHeadSchema },
        },
      },
      responses: {
        200: json('What has come in.', z.union([importedItemsSchema, importedHeadSchema])),
        ...problems([
          ...CHANGED,
          ...BODY,
          ...JSON_BODY,
          'base64_invalid',
          'option_invalid',
          'embedding_space_differs',
        ]),
      },
    },
  },
  '/v1/collections/{name}/versions': {
    get: {
      ...common,
      operationId: 'versions',
      summary: 'The kept versions of a collection',
      requestParams: { path: named },
      responses: { 200: json('The newest first.', versionsSchema), ...problems(SEEN) },
    },
  },
  '/v1/collections/{name}/versions/{version}': {
    delete: {
      ...common,
      operationId: 'deleteVersion',
      summary: 'Delete a version',
      description: 'If it was the active one, the newest answers.',
      requestParams: { path: versionNamed },
      responses: {
        200: json('Those that are left.', versionsSchema),
        ...problems([...SEEN, 'right_missing', 'version_unknown', 'option_invalid']),
      },
    },
  },
  '/v1/collections/{name}/versions/{version}/activate': {
    post: {
      ...common,
      operationId: 'activateVersion',
      summary: 'Activate a version, which then keeps answering',
      requestParams: { path: versionOrLatest },
      responses: {
        200: json('It answers.', versionsSchema),
        ...problems([...SEEN, 'right_missing', 'version_unknown', 'option_invalid']),
      },
    },
  },
};
