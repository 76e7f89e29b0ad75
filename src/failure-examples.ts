/** One failure of each code: what the documentation shows, and from which the list of codes is taken. */
import type { Failure, FailureCode } from './failure.ts';

const MIB = 1024 * 1024;

/** A code without an example does not compile, so none is missing from the documentation. */
export const FAILURE_EXAMPLES: { readonly [C in FailureCode]: Extract<Failure, { readonly code: C }> } = {
  anonymous_refused: { code: 'anonymous_refused', keysConfigured: true },
  key_wrong: { code: 'key_wrong' },
  key_throttled: { code: 'key_throttled', periodSeconds: 60 },
  rate_limited: { code: 'rate_limited', limitRequests: 100, periodSeconds: 60 },
  overloaded: { code: 'overloaded', limitBytes: 24 * MIB },
  caller_gone: { code: 'caller_gone' },
  body_missing: { code: 'body_missing' },
  body_too_large: { code: 'body_too_large', limitBytes: 20 * MIB },
  body_too_slow: { code: 'body_too_slow', limitSeconds: 30 },
  body_interrupted: { code: 'body_interrupted' },
  body_encoding_unsupported: { code: 'body_encoding_unsupported', encoding: 'br' },
  body_undecodable: { code: 'body_undecodable', encoding: 'gzip' },
  body_mangled: { code: 'body_mangled' },
  json_invalid: { code: 'json_invalid', reason: 'it breaks off or goes wrong at position 12' },
  json_too_complex: { code: 'json_too_complex', maxContainers: 10_000, maxKeys: 10_000, maxCommas: 10_000 },
  field_invalid: {
    code: 'field_invalid',
    field: '',
    reason: 'must hold either "image" (base64 or a data: URL) or "url"',
  },
  multipart_invalid: { code: 'multipart_invalid' },
  multipart_field_missing: { code: 'multipart_field_missing', field: 'image' },
  base64_invalid: { code: 'base64_invalid', field: 'image' },
  url_input_off: { code: 'url_input_off' },
  url_invalid: { code: 'url_invalid', reason: 'is not a URL' },
  url_scheme_not_allowed: {
    code: 'url_scheme_not_allowed',
    scheme: 'http',
    allowed: ['https'],
    redirected: false,
  },
  url_address_refused: { code: 'url_address_refused', host: '127.0.0.1', redirected: false },
  url_host_not_allowed: { code: 'url_host_not_allowed', host: 'example.org', redirected: false },
  url_file_too_large: { code: 'url_file_too_large', limitBytes: 20 * MIB },
  url_fetch_failed: { code: 'url_fetch_failed', reason: 'answered with the status 404' },
  url_fetch_too_slow: { code: 'url_fetch_too_slow', limitSeconds: 10 },
  url_batch_too_slow: { code: 'url_batch_too_slow', limitSeconds: 60 },
  batch_empty: { code: 'batch_empty' },
  batch_too_many_items: { code: 'batch_too_many_items', limitItems: 32 },
  batch_too_costly: { code: 'batch_too_costly', units: 24.3, leftUnits: 11.8, limitUnits: 150 },
  image_not_bytes: { code: 'image_not_bytes' },
  image_format_unsupported: { code: 'image_format_unsupported' },
  image_kind_unsupported: { code: 'image_kind_unsupported', kind: 'An animated WebP' },
  image_side_too_long: { code: 'image_side_too_long', side: 70_000, limitPixels: 65_500 },
  image_area_too_large: {
    code: 'image_area_too_large',
    kind: 'a PNG',
    width: 10_000,
    height: 10_000,
    limitPixels: 3_592_662,
  },
  image_too_costly: { code: 'image_too_costly', kind: 'an HEIC', units: 2400, limitUnits: 220 },
  image_unreadable: {
    code: 'image_unreadable',
    format: 'jpeg',
    reason: 'its data is damaged, or it ends before its picture does',
  },
  option_invalid: { code: 'option_invalid', option: 'top_k', reason: 'a whole number from 1 to 1000' },
  model_unknown: { code: 'model_unknown', name: 'resnet', known: ['mobilenet_v3_small_100_224'] },
  tensor_invalid: {
    code: 'tensor_invalid',
    tensor: 'inputs',
    reason: 'must have 602112 bytes for its shape, and has 4',
  },
  inference_header_invalid: {
    code: 'inference_header_invalid',
    reason: 'must be a whole number of bytes',
  },
  route_unknown: { code: 'route_unknown', path: '/v1/clasify' },
  method_not_allowed: { code: 'method_not_allowed', method: 'DELETE', allow: ['GET', 'HEAD', 'POST'] },
  internal: { code: 'internal' },
};

// The keys are the codes by the type above; Object.keys only says string.
export const FAILURE_CODES = Object.keys(FAILURE_EXAMPLES) as readonly FailureCode[];
