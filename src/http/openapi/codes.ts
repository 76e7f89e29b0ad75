/** Groups of failures: what can go wrong with a key, a body, a picture. */
import type { FailureCode } from '../../failure.ts';

type Codes = readonly FailureCode[];

/** For every route that costs CPU. */
export const GUARDED: Codes = [
  'anonymous_refused',
  'key_wrong',
  'key_throttled',
  'rate_limited',
  'too_many_open',
  'internal',
];

export const BODY: Codes = [
  'body_missing',
  'body_too_large',
  'body_too_slow',
  'body_interrupted',
  'body_encoding_unsupported',
  'body_undecodable',
  'body_mangled',
  'overloaded',
];

/** For a picture given by URL. */
export const URL_INPUT: Codes = [
  'url_input_off',
  'url_invalid',
  'url_scheme_not_allowed',
  'url_address_refused',
  'url_host_not_allowed',
  'url_file_too_large',
  'url_fetch_failed',
  'url_fetch_too_slow',
];

export const JSON_BODY: Codes = ['json_invalid', 'json_too_complex', 'field_invalid'];

/** For a collection as a model. */
export const TAUGHT_MODEL: Codes = [
  'model_unknown',
  'collection_untaught',
  'collection_sharded',
  'collection_newer',
  'collection_busy',
  'embedding_space_differs',
];

/** For routes about collections. */
export const COLLECTION: Codes = [
  'collections_off',
  'collection_unknown',
  ...TAUGHT_MODEL.filter((code) => code !== 'model_unknown'),
];

/** A form can have too many parts, as a batch can have too many pictures. */
export const FORM: Codes = ['multipart_invalid', 'batch_too_many_items'];

export const IMAGE: Codes = [
  'image_format_unsupported',
  'image_kind_unsupported',
  'image_side_too_long',
  'image_area_too_large',
  'image_too_costly',
  'image_memory_exceeded',
  'image_unreadable',
];

/** For one picture with options, in every form. */
export const ONE_PICTURE: Codes = [
  'option_invalid',
  ...BODY,
  ...JSON_BODY,
  'base64_invalid',
  ...URL_INPUT,
  ...FORM,
  'multipart_field_missing',
  ...IMAGE,
];
