/** `GET /v1/limits`: every limit in force, so that callers can respect them without trial and error. */
import * as z from 'zod';
import { MAX_METADATA_BYTES } from '../collections/names.ts';
import { MAX_SHARDS } from '../collections/shard-of.ts';
import { MAX_SIDE_PIXELS } from '../image/ways/account.ts';
import { AREA_LIMIT_FILE_BYTES, areaLimits } from '../image/ways/limits.ts';
import { DEFAULT_TAG_MIN_SCORE, TAG_SCORE_FLOOR } from '../inference/tags.ts';
import { MAX_REDIRECTS } from '../input/url/fetch.ts';
import { CLASS_COUNT, DEFAULT_TOP_K } from '../options.ts';
import type { Settings } from '../settings.ts';
import { urlInputIsOn } from './url-input.ts';

const rangeSchema = z.lazy(() =>
  z.object({ min: z.number(), max: z.number(), default: z.number() }).readonly(),
);
const bytes = z.int().min(0);

export const limitsSchema = z.lazy(() =>
  z
    .object({
      anonymous: z.boolean().describe('Whether the routes that cost CPU answer callers without a key.'),
      image: z
        .object({
          max_bytes: bytes.describe('Largest image file, raw or in a form.'),
          max_side_pixels: z.int(),
          max_units: z
            .int()
            .describe(
              'CPU time that a picture may cost by its header; a JPEG of 640×480 costs about one unit.',
            ),
          max_heic_units: z.int().describe('The same for HEIC, which costs more than any other format.'),
          max_pixels: z
            .record(z.string(), z.int())
            .describe(
              `Width times height by kind, for a file of ${AREA_LIMIT_FILE_BYTES} bytes; a larger file may have fewer.`,
            ),
        })
        .readonly(),
      json: z.object({ max_bytes: bytes.describe('Largest JSON body with pictures in base64.') }).readonly(),
      tensor: z.object({ max_bytes: bytes.describe('Largest body of numbers.') }).readonly(),
      batch: z
        .object({
          max_items: z.int().min(1),
          max_bytes: bytes.describe('Largest form with all its pictures.'),
          max_units: z
            .int()
            .describe('CPU time that its pictures may cost together; one that exceeds it fails alone.'),
        })
        .readonly(),
      url: z
        .object({
          enabled: z.boolean().describe('Whether pictures are fetched from URLs.'),
          hosts: z
            .array(z.string())
            .readonly()
            .describe(
              'Hosts that they are fetched from; `*` stands for any characters. An entry without a port allows 80 and 443.',
            ),
          schemes: z.array(z.enum(['https', 'http'])).readonly(),
          max_bytes: bytes,
          max_redirects: z.int().min(0).describe('Each is checked like the URL itself.'),
          timeout_seconds: z.int().min(1).describe('Time for the picture to arrive, redirects included.'),
          batch_timeout_seconds: z.int().min(1).describe('Time for all pictures of a batch to arrive.'),
        })
        .readonly(),
      in_flight: z
        .object({
          max_bytes: bytes.describe('Bodies that one isolate processes at once.'),
          max_requests: z.int().min(1).describe('Requests that are open in one isolate at once.'),
        })
        .readonly(),
      rate: z
        .object({ requests: z.int().min(1), period_seconds: z.int().min(1) })
        .readonly()
        .nullable()
        .describe(
          'Requests by key, or by address without one, in one location; null if they are not counted.',
        ),
      cache: z
        .object({
          seconds: z
            .int()
            .min(0)
            .describe('Longest time for which outputs of the network are cached; 0 turns the cache off.'),
        })
        .readonly(),
      collections: z
        .object({
          enabled: z.boolean().describe('Whether this deployment stores collections.'),
          anonymous: z.boolean().describe('Whether callers without a key may make and change them.'),
          max_collections: z.int().min(1).describe('Of one owner.'),
          max_items: z
            .int()
            .min(1)
            .describe('Of one collection, like the next two; with shards, of each shard.'),
          max_labels: z.int().min(1),
          max_labelled_items: z.int().min(1),
          max_shards: z.int().min(1).describe('Of one collection.'),
          max_metadata_bytes: bytes.describe('Of one item, as JSON.'),
          search_memory_bytes: bytes.describe(
            'What an isolate may hold for search, 136 bytes an item. What does not fit is searched more slowly.',
          ),
        })
        .readonly(),
      jobs: z
        .object({
          enabled: z.boolean().describe('Whether this deployment has a bucket and a queue to run jobs with.'),
          anonymous: z.boolean().describe('Whether callers without a key may run them.'),
          max_open: z.int().min(1).describe('Jobs of one owner that have not ended.'),
        })
        .readonly(),
      body_timeout_seconds: z.int().min(1).describe('Time for a whole body to arrive.'),
      top_k: rangeSchema,
      min_score: rangeSchema,
      tag_min_score: z.object({ above: z.number(), max: z.number(), default: z.number() }).readonly(),
    })
    .readonly()
    .meta({ id: 'Limits' }),
);

export type Limits = z.infer<typeof limitsSchema>;

/** @param enabled what there are bindings for. */
export function limitsOf(
  settings: Settings,
  rate: Limits['rate'],
  enabled: { readonly collections: boolean; readonly jobs: boolean },
): Limits {
  return {
    anonymous: settings.ALLOW_ANONYMOUS,
    image: {
      max_bytes: settings.MAX_IMAGE_BYTES,
      max_side_pixels: MAX_SIDE_PIXELS,
      max_units: settings.MAX_PICTURE_UNITS,
      max_heic_units: settings.MAX_HEIC_UNITS,
      max_pixels: areaLimits(),
    },
    json: { max_bytes: settings.MAX_JSON_BYTES },
    tensor: { max_bytes: settings.MAX_TENSOR_BYTES },
    batch: {
      max_items: settings.MAX_BATCH_ITEMS,
      max_bytes: settings.MAX_BATCH_BYTES,
      max_units: settings.MAX_BATCH_UNITS,
    },
    url: {
      enabled: urlInputIsOn(settings),
      hosts: settings.URL_HOSTS.map(({ text }) => text),
      schemes: settings.URL_ALLOW_HTTP ? ['https', 'http'] : ['https'],
      max_bytes: settings.MAX_IMAGE_BYTES,
      max_redirects: MAX_REDIRECTS,
      timeout_seconds: settings.URL_TIMEOUT_SECONDS,
      batch_timeout_seconds: settings.URL_BATCH_TIMEOUT_SECONDS,
    },
    in_flight: { max_bytes: settings.MAX_INFLIGHT_BYTES, max_requests: settings.MAX_OPEN_REQUESTS },
    rate,
    cache: { seconds: settings.CACHE_SECONDS },
    collections: {
      enabled: enabled.collections,
      anonymous: settings.ALLOW_ANONYMOUS && settings.ALLOW_ANONYMOUS_TEACHING,
      max_collections: settings.MAX_COLLECTIONS,
      max_items: settings.MAX_COLLECTION_ITEMS,
      max_labels: settings.MAX_COLLECTION_LABELS,
      max_labelled_items: settings.MAX_LABELLED_ITEMS,
      max_shards: MAX_SHARDS,
      max_metadata_bytes: MAX_METADATA_BYTES,
      search_memory_bytes: settings.SEARCH_MEMORY_BYTES,
    },
    jobs: {
      enabled: enabled.jobs,
      anonymous: settings.ALLOW_ANONYMOUS && settings.ALLOW_ANONYMOUS_JOBS,
      max_open: settings.MAX_OPEN_JOBS,
    },
    body_timeout_seconds: settings.BODY_TIMEOUT_SECONDS,
    top_k: { min: 1, max: CLASS_COUNT, default: DEFAULT_TOP_K },
    min_score: { min: 0, max: 1, default: 0 },
    tag_min_score: { above: TAG_SCORE_FLOOR, max: 1, default: DEFAULT_TAG_MIN_SCORE },
  };
}
