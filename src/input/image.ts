/** The one picture of a request, and the fields sent with it. */
import * as z from 'zod';
import { fail, ok, type Result } from '../failure.ts';
import { decodeBase64 } from './base64.ts';
import { type Fields, openContents } from './contents.ts';
import { FIELD_BYTES, FORM_BYTES, MAX_FORM_PARTS } from './form-bounds.ts';
import type { Hold } from './in-flight.ts';
import { checkFields, type JsonShape } from './json.ts';
import type { Part } from './multipart.ts';
import type { FetchImage } from './url/fetch.ts';

export interface InputLimits {
  /** Largest image file, in bytes. */
  readonly maxImageBytes: number;
  /** Largest JSON body, in bytes: it takes twice its size in memory while it is parsed. */
  readonly maxJsonBytes: number;
  /** Bounds on the structure of JSON, if not those of pictures as text. */
  readonly jsonShape?: JsonShape;
  /** Time for the whole body to arrive, in seconds. */
  readonly timeoutSeconds: number;
  /** Where the bytes are counted as they arrive. */
  readonly hold: Hold;
}

export interface ImageInput {
  readonly bytes: Uint8Array;
  /** The fields sent with the picture: the other fields of the JSON object or the form. */
  readonly fields: Fields;
}

/** Extracts the picture from a route's own JSON. */
export type ReadJsonImage = (value: unknown) => Result<ImageInput> | Promise<Result<ImageInput>>;

const NOT_ONE_IMAGE = 'must hold either "image" (base64 or a data: URL) or "url"';

/** One picture in JSON. `url` is parsed everywhere and refused if URL input is off. */
export const jsonImageSchema = z.union(
  [
    z.looseObject({ image: z.string().describe('Base64 of an image file, or a data: URL of it.') }),
    z.looseObject({ url: z.string().describe('The URL of an image file.') }),
  ],
  {
    error: NOT_ONE_IMAGE,
  },
);

/** The form field that carries a picture. */
export const IMAGE_FIELD = 'image';

/** Reads the one picture of a request. */
export async function readImage(
  request: Request,
  { maxImageBytes, ...limits }: InputLimits,
  ofJson: ReadJsonImage,
): Promise<Result<ImageInput>> {
  const contents = await openContents(request, {
    ...limits,
    maxPictureBytes: maxImageBytes,
    form: {
      maxBytes: maxImageBytes + FORM_BYTES,
      maxPartBytes: maxImageBytes,
      maxParts: MAX_FORM_PARTS,
    },
  });
  if (!contents.ok) return contents;
  switch (contents.value.kind) {
    case 'picture':
      return ok({ bytes: contents.value.bytes, fields: [] });
    case 'json':
      return ofJson(contents.value.value);
    case 'form':
      return imageOfForm(contents.value.parts);
  }
}

/** The native JSON of one picture. @param fetchImage for JSON that gives only a URL. */
export function nativeJsonImage(fetchImage: FetchImage, hold: Hold): ReadJsonImage {
  return async (value) => {
    const checked = checkFields(jsonImageSchema, value);
    if (!checked.ok) return checked;
    const { image, url, ...others } = checked.value;
    const bytes =
      image === undefined ? await fetchImage(String(url), hold) : decodeBase64(String(image), IMAGE_FIELD);
    return bytes.ok ? ok({ bytes: bytes.value, fields: Object.entries(others) }) : bytes;
  };
}

/** The first part named `image` is the picture, the other short parts are fields. */
async function imageOfForm(parts: AsyncGenerator<Result<Part>, void, void>): Promise<Result<ImageInput>> {
  const fields: [string, string][] = [];
  let bytes: Uint8Array | undefined;
  for await (const part of parts) {
    if (!part.ok) return part;
    if (part.value.name === IMAGE_FIELD) bytes ??= part.value.bytes;
    else fields.push(...fieldOf(part.value));
  }
  if (bytes === undefined || bytes.byteLength === 0) {
    return fail({ code: 'multipart_field_missing', field: IMAGE_FIELD });
  }
  return ok({ bytes, fields });
}

/** A part as a field; undefined if it has no name, or is longer than any option. */
export function fieldOf({ name, bytes }: Part): [] | [[name: string, text: string]] {
  if (name === undefined || bytes.byteLength > FIELD_BYTES) return [];
  return [[name, new TextDecoder().decode(bytes)]];
}
