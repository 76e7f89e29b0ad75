/** Own classes: collections and their items. */
import * as z from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import {
  changeSchema,
  duplicatesQuerySchema,
  idSchema,
  listQuerySchema,
  makeSchema,
  searchOptionsSchema,
  teachOptionsSchema,
} from '../../collection-options.ts';
import {
  changedSchema,
  collectionListSchema,
  collectionStatusSchema,
  itemPageSchema,
  itemSchema,
  removedSchema,
} from '../../collection-status.ts';
import type { FailureCode } from '../../failure.ts';
import { IMAGE_FIELD } from '../../input/image.ts';
import { jsonItemSchema, jsonItemsSchema } from '../../input/items.ts';
import { duplicatesSchema, searchSchema } from '../../likeness-answer.ts';
import { searchForSchema } from '../../search-question.ts';
import { addLineSchema, addSchema } from '../routes/items.ts';
import { answer, json, problems, requestId } from './answers.ts';
import { LOOKED_UP } from './caching.ts';
import { BODY, FORM, GUARDED, JSON_BODY, ONE_PICTURE } from './codes.ts';
import { EXAMPLES } from './examples.ts';
import { file, rawPicture } from './requests.ts';
import { OPTIONAL_KEY, TAGS } from './texts.ts';

export const SEEN: readonly FailureCode[] = [
  ...GUARDED,
  'collections_off',
  'collection_unknown',
  'collection_newer',
  'collection_busy',
];
export const CHANGED: readonly FailureCode[] = [...SEEN, 'right_missing', 'quota_reached'];

export const named = z.object({
  name: z
    .string()
    .describe('The name of a collection of yours; OWNER%2FNAME for a shared one, on routes that allow it.')
    .meta({ param: { example: 'parts' } }),
});

const itemNamed = named.extend({
  id: idSchema.describe('Percent-encoded.').meta({ param: { example: 'screw-17' } }),
});

export const common = { tags: [TAGS.collections], security: OPTIONAL_KEY };

/** Its items are validated one by one, so the schema that validates the body leaves them open. */
const jsonItems = jsonItemsSchema.extend({
  items: z.array(z.intersection(jsonItemSchema, teachOptionsSchema)),
});

export const collectionPaths: ZodOpenApiPathsObject = {
  '/v1/collections': {
    get: {
      ...common,
      operationId: 'collections',
      summary: 'Your collections',
      responses: {
        200: json('In order of their names.', collectionListSchema),
        ...problems([...GUARDED, 'collections_off', 'collection_busy']),
      },
    },
  },
  '/v1/collections/{name}': {
    put: {
      ...common,
      operationId: 'makeCollection',
      summary: 'Make a collection, or change whether it is shared',
      requestParams: { path: named },
      description:
        'A collection of more than `max_items` items is made with `shards`: it is searched as any other, and not trained on.',
      requestBody: {
        required: false,
        content: { 'application/json': { schema: makeSchema, example: { shared: false } } },
      },
      responses: {
        200: json('It existed.', collectionStatusSchema),
        201: json('It was made.', collectionStatusSchema),
        ...problems([...CHANGED, ...JSON_BODY, ...BODY, 'shards_fixed']),
      },
    },
    get: {
      ...common,
      operationId: 'collection',
      summary: 'The labels of a collection, and how often it is right',
      requestParams: { path: named },
      responses: { 200: json('As it is now.', collectionStatusSchema), ...problems(SEEN) },
    },
    delete: {
      ...common,
      operationId: 'deleteCollection',
      summary: 'Delete a collection for good',
      requestParams: { path: named },
      responses: {
        204: { description: 'It is gone.', headers: { 'x-request-id': requestId } },
        ...problems([...SEEN, 'right_missing']),
      },
    },
  },
  '/v1/collections/{name}/train': {
    post: {
      ...common,
      operationId: 'trainCollection',
      summary: 'Train now, instead of at the next classification',
      requestParams: { path: named },
      responses: {
        200: json('It is ready.', collectionStatusSchema),
        ...problems([
          ...SEEN,
          'right_missing',
          'collection_untaught',
          'collection_sharded',
          'embedding_space_differs',
        ]),
      },
    },
  },
  '/v1/collections/{name}/items': {
    post: {
      ...common,
      operationId: 'addItems',
      summary: 'Add pictures',
      description:
        'One picture as it is, or many in a form or in JSON: one result or one problem each, in order. No picture is ' +
        'kept, only its embedding. An id that is there has its label, metadata and picture replaced. Ask for ' +
        '`application/x-ndjson` to get each as soon as it is kept.',
      requestParams: { path: named, query: teachOptionsSchema },
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: jsonItems, example: EXAMPLES.addItems },
          ...rawPicture,
          'multipart/form-data': {
            schema: z.object({ [IMAGE_FIELD]: z.array(file).min(1) }).extend(teachOptionsSchema.shape),
          },
        },
      },
      responses: {
        200: answer(
          'One result or error for each. Lines are sent without `cache-status`, and embeddings have none.',
          {
            'application/json': { schema: addSchema },
            'application/x-ndjson': { schema: addLineSchema },
          },
          LOOKED_UP,
        ),
        ...problems([
          ...CHANGED,
          'option_invalid',
          ...BODY,
          ...JSON_BODY,
          ...FORM,
          'batch_empty',
          'image_format_unsupported',
          'image_kind_unsupported',
          'image_side_too_long',
          'image_area_too_large',
          'image_unreadable',
          'embedding_space_differs',
        ]),
      },
    },
    get: {
      ...common,
      operationId: 'items',
      summary: 'The items of a collection, page by page',
      requestParams: { path: named, query: listQuerySchema },
      responses: { 200: json('A page.', itemPageSchema), ...problems([...SEEN, 'option_invalid']) },
    },
    delete: {
      ...common,
      operationId: 'deleteItems',
      summary: 'Remove all items with a label',
      requestParams: {
        path: named,
        query: z.object({
          label: z
            .string()
            .describe('The label.')
            .meta({ param: { example: 'screw' } }),
        }),
      },
      responses: {
        200: json('How many were removed.', removedSchema),
        ...problems([...SEEN, 'right_missing', 'option_invalid']),
      },
    },
  },
  '/v1/collections/{name}/search': {
    post: {
      ...common,
      operationId: 'searchCollection',
      summary: 'The items most similar to a picture',
      description:
        'For a picture in any form, for an embedding, or for an item by its `id`. Items need no labels.',
      requestParams: { path: named, query: searchOptionsSchema },
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: z.intersection(z.union([jsonItemSchema, searchForSchema]), searchOptionsSchema),
            example: EXAMPLES.search,
          },
          ...rawPicture,
          'multipart/form-data': {
            schema: z.object({ [IMAGE_FIELD]: file }).extend(searchOptionsSchema.shape),
          },
        },
      },
      responses: {
        200: json('The most similar first.', searchSchema),
        ...problems([...SEEN, ...ONE_PICTURE, 'item_unknown', 'embedding_space_differs']),
      },
    },
  },
  '/v1/collections/{name}/duplicates': {
    get: {
      ...common,
      operationId: 'duplicates',
      summary: 'Items that are copies of each other',
      description:
        'Looks through a part of the collection at a time, in the order in which items were added. Follow ' +
        '`next_cursor` until there is none; pages between may be empty.',
      requestParams: { path: named, query: duplicatesQuerySchema },
      responses: {
        200: json('What was found in this part.', duplicatesSchema),
        ...problems([...SEEN, 'option_invalid']),
      },
    },
  },
  '/v1/collections/{name}/items/{id}': {
    get: {
      ...common,
      operationId: 'item',
      summary: 'One item',
      requestParams: { path: itemNamed },
      responses: { 200: json('As it is now.', itemSchema), ...problems([...SEEN, 'item_unknown']) },
    },
    patch: {
      ...common,
      operationId: 'changeItem',
      summary: 'Change the label or the metadata of an item',
      requestParams: { path: itemNamed },
      requestBody: {
        required: true,
        content: { 'application/json': { schema: changeSchema, example: { label: 'screw' } } },
      },
      responses: {
        200: json('As it is now.', changedSchema),
        ...problems([...CHANGED, ...JSON_BODY, ...BODY, 'item_unknown']),
      },
    },
    delete: {
      ...common,
      operationId: 'deleteItem',
      summary: 'Remove an item',
      requestParams: { path: itemNamed },
      responses: {
        200: json('It is gone.', removedSchema),
        ...problems([...SEEN, 'right_missing', 'item_unknown']),
      },
    },
  },
};
