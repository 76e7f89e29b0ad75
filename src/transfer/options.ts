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
    .describe('`json` and `onnx`: the trained head. `items`: what it is trained on, a line each.'),
  version: headVersionSchema
    .optional()
    .describe('Of `json` and `onnx`: a version that is kept, in place of the one that answers.'),
  after: idSchema.optional().describe('Of `items`: only those behind the one with this id.'),
});

export const importOptionsSchema = z.object({
  format: z.enum(['json', 'items'], { error: IMPORT }).optional().describe(IMPORT),
});
