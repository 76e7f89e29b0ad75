/**
 * Every setting of the Worker, validated once when an isolate handles its first request.
 *
 * A setting is a variable of the same name in wrangler.toml, `--var` or the dashboard; all are optional. An invalid
 * value stops the Worker with the setting's name and the accepted values, instead of being replaced by a default.
 */
import * as z from 'zod';
import { MAX_BATCH_UNITS, MAX_HEIC_UNITS, MAX_PICTURE_UNITS, type UnitLimits } from './image/ways/time.ts';
import { FORM_BYTES } from './input/form-bounds.ts';
import { JSON_COPIES } from './input/json.ts';
import {
  aliases,
  apiKeys,
  hostList,
  keyRights,
  objectList,
  origins,
  outputPrefix,
} from './settings-lists.ts';

const MIB = 1024 * 1024;
const DAY_SECONDS = 24 * 60 * 60;

function wholeNumber(unit: string, min: number, max: number, byDefault: number) {
  const expected = `a whole number of ${unit} from ${min} to ${max}`;
  return z.coerce
    .number({ error: expected })
    .int({ error: expected })
    .min(min, { error: expected })
    .max(max, { error: expected })
    .default(byDefault);
}

const flag = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
    error: 'true or false',
  })
  .default(false);

/** Exported for the test that compares docs/settings.md with it. */
export const settingsSchema = z.object({
  /** Whether routes that cost CPU answer callers without a key. Off, so that a deployment is closed until opened. */
  ALLOW_ANONYMOUS: flag,
  /** Other callers that are answered: names and hashes of keys, as `npm run key` prints them. A secret. */
  API_KEYS: apiKeys.prefault(''),
  /**
   * Which keys may make and change collections, and run jobs, by name: a key that is not listed may only classify and
   * search.
   */
  KEY_RIGHTS: keyRights.prefault(''),
  /** Whether callers without a key may make and change collections, all of them the same ones. For local use. */
  ALLOW_ANONYMOUS_TEACHING: flag,
  /** Whether callers without a key may run jobs, all of them the same ones. For local use. */
  ALLOW_ANONYMOUS_JOBS: flag,
  /** Where results of jobs go unless a job says otherwise. No key with this prefix is ever a picture. */
  JOBS_OUTPUT_PREFIX: outputPrefix.prefault('labels/'),
  /**
   * What to do with new pictures in the bucket, as `src/jobs/event-rules.ts` parses it: a JSON list with the fields of
   * a job, of which the first entry whose prefix matches the key applies. Other pictures are classified with the
   * defaults.
   */
  JOBS_NEW_PICTURES: objectList.prefault(''),
  /** After this time without a report, a chunk of a job is sent again, in seconds. */
  JOBS_LATE_SECONDS: wholeNumber('seconds', 1, 3600, 180),
  /** Most jobs of one owner that have not ended. When it is reached, each is asked whether it has ended. */
  MAX_OPEN_JOBS: wholeNumber('jobs', 1, 100, 20),
  /** Most collections of one owner. */
  MAX_COLLECTIONS: wholeNumber('collections', 1, 1000, 20),
  /**
   * Most items of a collection, or of each of its shards. The object that holds them may have 10 GB, and an item takes
   * 2 to 6 kB of it.
   */
  MAX_COLLECTION_ITEMS: wholeNumber('items', 1, 1_000_000, 100_000),
  /** Most labels of a collection: each takes 8 kB in every isolate that answers with it. */
  MAX_COLLECTION_LABELS: wholeNumber('labels', 1, 1000, 200),
  /** Most labelled items of a collection: training has them all in memory. */
  MAX_LABELLED_ITEMS: wholeNumber('items', 1, 20_000, 5000),
  /**
   * Bytes that the objects of an isolate hold together for search, 136 for each item; what does not fit is read from
   * the database at each search. `src/collections/resident-bits.ts` explains the value.
   */
  SEARCH_MEMORY_BYTES: wholeNumber('bytes', 0, 1024 * MIB, 16 * MIB),
  /**
   * Requests that one caller may make in a period; 0 is no limit. The binding RATE_LIMIT in wrangler.toml counts them,
   * but a Worker cannot read its numbers: these are what callers see.
   */
  RATE_LIMIT_REQUESTS: wholeNumber('requests', 0, 1_000_000, 100),
  /** The period of the binding RATE_LIMIT, in seconds. */
  RATE_LIMIT_SECONDS: wholeNumber('seconds', 10, 60, 60),
  /** Largest image file, in bytes. A phone's JPEG is 2–12 MB; the file is in memory twice while it is decoded. */
  MAX_IMAGE_BYTES: wholeNumber('bytes', 1024, 32 * MIB, 20 * MIB),
  /** Largest JSON body, in bytes: it takes twice its size in memory while it is parsed. */
  MAX_JSON_BYTES: wholeNumber('bytes', 1024, 16 * MIB, 12 * MIB),
  /** Largest body of numbers, in bytes: tensors as JSON or binary, and Workers AI's array of bytes. */
  MAX_TENSOR_BYTES: wholeNumber('bytes', 1024, 16 * MIB, 8 * MIB),
  /** Most pictures in a batch. */
  MAX_BATCH_ITEMS: wholeNumber('pictures', 1, 1000, 32),
  /** Largest batch in a form, in bytes. Its pictures are read one at a time. */
  MAX_BATCH_BYTES: wholeNumber('bytes', 1024, 100 * MIB, 60 * MIB),
  /**
   * Most CPU time that a picture may cost by its header, in units of `image/ways/time.ts`, of which a JPEG of 640×480
   * costs about one. HEIC has a limit of its own.
   */
  MAX_PICTURE_UNITS: wholeNumber('units', 1, 10_000, MAX_PICTURE_UNITS),
  /** The same for an HEIC, which costs several times any other format. */
  MAX_HEIC_UNITS: wholeNumber('units', 1, 10_000, MAX_HEIC_UNITS),
  /** Most that the pictures of one request may cost together; the first of them may cost as much as any. */
  MAX_BATCH_UNITS: wholeNumber('units', 1, 100_000, MAX_BATCH_UNITS),
  /**
   * Bytes of bodies that an isolate holds at once, for all its requests; JSON counts twice. Two files of the largest
   * size would not fit next to the network, so one of them is processed together with small ones. The account of
   * `image/ways/account.ts` reserves 20 MiB for a file. 4 more leave 17 MB of the isolate's 128 to V8, whose heap
   * begins at 11 MB and is at 20–30 under traffic if, as locally, nothing limits it (`npm run soak`): there is no room
   * for more.
   */
  MAX_INFLIGHT_BYTES: wholeNumber('bytes', 1024, 48 * MIB, 24 * MIB),
  /**
   * Requests that an isolate has open at once, over HTTP and RPC together. One that waits for its body takes some 65
   * KiB in addition to the bytes that are counted above (`npm run wire` measures it), so the default takes 6.5 MiB.
   */
  MAX_OPEN_REQUESTS: wholeNumber('requests', 1, 10_000, 100),
  /** Time to receive a request's body, in seconds. */
  BODY_TIMEOUT_SECONDS: wholeNumber('seconds', 1, 300, 30),
  /**
   * Hosts that pictures may be fetched from by URL, separated by commas; `*` stands for any characters. Empty is off.
   * List only hosts whose DNS you trust: `input/url/fetch.ts` says why.
   */
  URL_HOSTS: hostList.prefault(''),
  /** Whether http URLs are fetched too, which others on the network can read and change. */
  URL_ALLOW_HTTP: flag,
  /** Time to fetch a picture from its URL, redirects included, in seconds. */
  URL_TIMEOUT_SECONDS: wholeNumber('seconds', 1, 60, 10),
  /** Time to fetch all pictures of a batch from their URLs, in seconds. */
  URL_BATCH_TIMEOUT_SECONDS: wholeNumber('seconds', 1, 300, 60),
  /**
   * How long the output of the network for a picture is cached, in seconds; 0 is not at all. It changes only with the
   * model, so this is a question of privacy: `docs/operations.md`.
   */
  CACHE_SECONDS: wholeNumber('seconds', 0, 31 * DAY_SECONDS, DAY_SECONDS),
  /** Further names of the network that the Workers AI dialect answers for, separated by commas. */
  WORKERS_AI_MODELS: aliases.prefault('@cf/microsoft/resnet-50'),
  /** Whose pages may call from a browser: origins separated by commas, or `*`. */
  CORS_ORIGINS: origins.prefault(''),
});

export type Settings = z.infer<typeof settingsSchema>;

export function unitLimitsOf({ MAX_PICTURE_UNITS: picture, MAX_HEIC_UNITS: heic }: Settings): UnitLimits {
  return { picture, heic };
}

/** An invalid setting: the operator's mistake, so it is thrown and not one of the callers' failures. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/**
 * Reads the settings from the Worker's environment; bindings and unknown names are ignored.
 *
 * @throws SettingsError naming every invalid setting and the accepted values.
 */
export function readSettings(env: object): Settings {
  const parsed = settingsSchema.safeParse(env);
  const wrong = parsed.success
    ? misfits(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.')} must be ${issue.message}`);
  if (parsed.success && wrong.length === 0) return parsed.data;
  throw new SettingsError(`Wrong settings: ${wrong.join('; ')}.`);
}

/** Limits that contradict each other: a body that never fits would get 429 for ever. */
function misfits(settings: Settings): string[] {
  const { MAX_INFLIGHT_BYTES, MAX_IMAGE_BYTES, MAX_JSON_BYTES, MAX_TENSOR_BYTES } = settings;
  const largest = Math.max(
    MAX_IMAGE_BYTES + FORM_BYTES,
    JSON_COPIES * MAX_JSON_BYTES,
    JSON_COPIES * MAX_TENSOR_BYTES,
  );
  return MAX_INFLIGHT_BYTES < largest
    ? [
        `MAX_INFLIGHT_BYTES must be ${largest} or more, so that the largest body fits, where JSON counts twice`,
      ]
    : [];
}
