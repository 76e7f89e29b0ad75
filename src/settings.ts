/**
 * Every setting of the Worker, validated once when an isolate handles its first request.
 *
 * A setting is a variable of the same name in wrangler.toml, `--var` or the dashboard; all are optional.
 * A value that does not fit stops the Worker with the setting's name and what it should be, rather than
 * being replaced by something nobody chose.
 */
import { z } from 'zod';

const MIB = 1024 * 1024;

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

const nameList = z.string().transform((text) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
);

const settingsSchema = z.object({
  /** Whether routes that cost CPU answer callers without a key. Off, so that a deployment is closed until opened. */
  ALLOW_ANONYMOUS: flag,
  /** Largest image file, in bytes. A phone's JPEG is 2–12 MB; the file is in memory twice while it is decoded. */
  MAX_IMAGE_BYTES: wholeNumber('bytes', 1024, 32 * MIB, 20 * MIB),
  /** Largest JSON body, in bytes: base64 costs three times its size in memory. */
  MAX_JSON_BYTES: wholeNumber('bytes', 1024, 16 * MIB, 12 * MIB),
  /** Largest body of numbers, in bytes: tensors as JSON or binary, and Workers AI's array of bytes. */
  MAX_TENSOR_BYTES: wholeNumber('bytes', 1024, 16 * MIB, 8 * MIB),
  /** Most pictures in a batch. */
  MAX_BATCH_ITEMS: wholeNumber('pictures', 1, 1000, 32),
  /** Largest batch in a form, in bytes. Its pictures are read one at a time. */
  MAX_BATCH_BYTES: wholeNumber('bytes', 1024, 100 * MIB, 60 * MIB),
  /** Time to receive a request's body, in seconds. */
  BODY_TIMEOUT_SECONDS: wholeNumber('seconds', 1, 300, 30),
  /** Models that the Workers AI dialect answers for besides our own, separated by commas. */
  WORKERS_AI_MODELS: nameList.prefault('@cf/microsoft/resnet-50'),
});

export type Settings = z.infer<typeof settingsSchema>;

/** A wrong setting: the deployer's mistake, so it is thrown and not one of the caller's failures. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/**
 * Reads the settings from the Worker's environment; bindings and unknown names are ignored.
 *
 * @throws SettingsError naming every setting that does not fit and what it should be.
 */
export function readSettings(env: object): Settings {
  const parsed = settingsSchema.safeParse(env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')} must be ${issue.message}`);
  throw new SettingsError(`Wrong settings: ${wrong.join('; ')}.`);
}
