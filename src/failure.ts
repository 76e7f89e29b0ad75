/**
 * Every way a request can fail, as values of one tagged union.
 *
 * A failure has the facts of its case and no text: only `problem.ts` gives each code its status, title and wording, in
 * an exhaustive switch, so a code added here does not compile until it has all three.
 */
export type Failure =
  | {
      readonly code: 'anonymous_refused';
      /** Whether the deployment has any keys. */
      readonly keysConfigured: boolean;
    }
  | { readonly code: 'key_wrong' }
  | { readonly code: 'key_throttled'; readonly periodSeconds: number }
  | { readonly code: 'rate_limited'; readonly limitRequests: number; readonly periodSeconds: number }
  | { readonly code: 'overloaded'; readonly limitBytes: number }
  | { readonly code: 'too_many_open'; readonly limitRequests: number }
  | { readonly code: 'caller_gone' }
  | { readonly code: 'body_missing' }
  | { readonly code: 'body_too_large'; readonly limitBytes: number }
  | { readonly code: 'body_too_slow'; readonly limitSeconds: number }
  | { readonly code: 'body_interrupted' }
  | { readonly code: 'body_encoding_unsupported'; readonly encoding: string }
  /** `isPadded`: it could be decompressed, but has far more bytes than its content. */
  | { readonly code: 'body_undecodable'; readonly encoding: string; readonly isPadded?: true }
  | { readonly code: 'body_mangled' }
  | { readonly code: 'json_invalid'; readonly reason: string }
  | {
      readonly code: 'json_too_complex';
      readonly maxContainers: number;
      readonly maxKeys: number;
      readonly maxCommas: number;
    }
  | { readonly code: 'field_invalid'; readonly field: string; readonly reason: string }
  | { readonly code: 'multipart_invalid' }
  | { readonly code: 'multipart_field_missing'; readonly field: string }
  | { readonly code: 'base64_invalid'; readonly field: string }
  | { readonly code: 'url_input_off' }
  | { readonly code: 'url_invalid'; readonly reason: string }
  | {
      readonly code: 'url_scheme_not_allowed';
      readonly scheme: string;
      readonly allowed: readonly string[];
      /** Whether a redirect led there, as with the next two: the caller may not read what the origin says. */
      readonly redirected: boolean;
    }
  | { readonly code: 'url_address_refused'; readonly host: string; readonly redirected: boolean }
  | { readonly code: 'url_host_not_allowed'; readonly host: string; readonly redirected: boolean }
  | { readonly code: 'url_file_too_large'; readonly limitBytes: number }
  | { readonly code: 'url_fetch_failed'; readonly reason: string }
  | { readonly code: 'url_fetch_too_slow'; readonly limitSeconds: number }
  | { readonly code: 'url_batch_too_slow'; readonly limitSeconds: number }
  | { readonly code: 'batch_empty' }
  | { readonly code: 'batch_too_many_items'; readonly limitItems: number }
  | {
      readonly code: 'batch_too_costly';
      /** The cost of the picture, and what the pictures before it have left of the batch's limit. */
      readonly units: number;
      readonly leftUnits: number;
      readonly limitUnits: number;
    }
  | { readonly code: 'image_not_bytes' }
  | { readonly code: 'image_format_unsupported' }
  | { readonly code: 'image_kind_unsupported'; readonly kind: string }
  | { readonly code: 'image_side_too_long'; readonly side: number; readonly limitPixels: number }
  | {
      readonly code: 'image_area_too_large';
      readonly kind: string;
      readonly width: number;
      readonly height: number;
      readonly limitPixels: number;
    }
  | {
      readonly code: 'image_too_costly';
      readonly kind: string;
      /** CPU time of decoding according to the header, in the units of `image/ways/time.ts`. */
      readonly units: number;
      readonly limitUnits: number;
    }
  | {
      readonly code: 'image_memory_exceeded';
      readonly kind: string;
      /** Bytes of wasm memory that its decoder may have. */
      readonly limitBytes: number;
    }
  | { readonly code: 'image_unreadable'; readonly format: string; readonly reason: string }
  | { readonly code: 'option_invalid'; readonly option: string; readonly reason: string }
  | {
      readonly code: 'model_unknown';
      readonly name: string;
      /** If the caller also named one. */
      readonly version?: string;
      readonly known: readonly string[];
      /** Prefix of collection names, if collections are models too. */
      readonly collections?: string;
    }
  | { readonly code: 'tensor_invalid'; readonly tensor: string; readonly reason: string }
  | { readonly code: 'inference_header_invalid'; readonly reason: string }
  | {
      readonly code: 'right_missing';
      readonly keyNamed: boolean;
      /** `teach` if unset. */
      readonly right?: 'jobs';
    }
  | { readonly code: 'collections_off' }
  | {
      readonly code: 'quota_reached';
      readonly of: 'collections' | 'items' | 'shard_items' | 'labels' | 'labelled_items' | 'bytes';
      readonly limit: number;
    }
  | { readonly code: 'collection_unknown' }
  | { readonly code: 'item_unknown' }
  | { readonly code: 'version_unknown'; readonly known: readonly number[] }
  | { readonly code: 'collection_untaught' }
  | { readonly code: 'collection_sharded'; readonly shards: number }
  | { readonly code: 'shards_fixed'; readonly shards: number }
  | { readonly code: 'collection_newer' }
  | { readonly code: 'collection_busy'; readonly retrySeconds: number }
  | { readonly code: 'embedding_space_differs'; readonly given: string; readonly wanted: string }
  | { readonly code: 'jobs_off' }
  | { readonly code: 'job_unknown' }
  | { readonly code: 'too_many_jobs'; readonly limitJobs: number }
  | { readonly code: 'object_gone'; readonly key: string }
  | { readonly code: 'route_unknown'; readonly path: string }
  | { readonly code: 'method_not_allowed'; readonly method: string; readonly allow: readonly string[] }
  | { readonly code: 'internal' };

export type FailureCode = Failure['code'];

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure };
}
