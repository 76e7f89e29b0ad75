/** Options of exports, imports and versions, over HTTP and RPC. */
import * as z from 'zod';
import { idSchema } from '../collection-options.ts';
import { fromText } from '../options.ts';

const VERSION = 'a version that GET …/versions lists';
const EXPORT = 'json, onnx or items';
const IMPORT =
  'json or items; without it the content type says which: application/json or application/x-ndjson';

export const headVersionSchema = z.preprocess(
  fromText,
  z.int({ error: VERSION }).min(1, { error: VERSION }).max(Number.MAX_SAFE_INTEGER, { error: VERSION }),
);

export const exportOptionsSchema = z.object({
  format: z
    .enum(['json', 'onnx', 'items'], { error: EXPORT })
    .prefault('json')
    .describe('`json` and `onnx`: the trained head. `items`: all items, one per line.'),
  version: headVersionSchema
    .optional()
    .describe('For `json` and `onnx`: a kept version, instead of the one that answers.'),
  after: idSchema.optional().describe('For `items`: only those after the one with this id.'),
});

export const importOptionsSchema = z.object({
  format: z.enum(['json', 'items'], { error: IMPORT }).optional().describe(IMPORT),
});
