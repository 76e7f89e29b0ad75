/**
 * Answers of the HTTP API and of the service binding.
 *
 * These types need only TypeScript, so that a caller needs none of the Worker's dependencies; a test holds them equal
 * to the Worker's schemas.
 */

export interface Label {
  /** ILSVRC-2012 index, 0–999. */
  readonly index: number;
  /** WordNet id of the class, as `n02123045`. */
  readonly synset: string;
  /** First name of the synset, made unique by a qualifier in parentheses where needed. */
  readonly label: string;
  /** All names of the synset. */
  readonly names: readonly string[];
  /** Id of the group that the class is in. */
  readonly group: string;
}

/** Classes under one everyday word. */
export interface Group {
  /** Stable, as labels are. */
  readonly id: string;
  /** Unique, and different from the labels of all classes. */
  readonly name: string;
  /** All names that a filter takes, the first is `name`. */
  readonly names: readonly string[];
  /** Id of the group above; null on the first level. */
  readonly parent: string | null;
  /** 1–3: 1 is the most general. */
  readonly level: number;
  /** How many classes are under it, at any depth. */
  readonly classes: number;
}

/** A step of the path from the most general group to the class. */
export interface Tag {
  readonly name: string;
  /** Probability of the class, or of all classes of the group together: 0–1, rounded to six decimals. */
  readonly score: number;
  /** 1–4: 1 is the most general. */
  readonly level: number;
  /** Id of the group, if the tag is one. */
  readonly group?: string;
  /** ILSVRC-2012 index of the class, if the tag is one. */
  readonly index?: number;
}

export interface Prediction extends Label {
  /** Probability, 0–1, rounded to six decimals. */
  readonly score: number;
}

export interface ImageFacts {
  /** The format of the bytes, regardless of content type and file name. */
  readonly format: 'jpeg' | 'png' | 'gif' | 'webp' | 'bmp' | 'tiff' | 'ico' | 'avif' | 'heic';
  /** Width of the upright picture, in pixels. */
  readonly width: number;
  /** Height of the upright picture, in pixels. */
  readonly height: number;
  /** How the stored picture was rotated, by the numbers of EXIF and TIFF: 1 is not at all. */
  readonly orientation: 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;
  /** Present only if the file has more than one frame: the first was classified. */
  readonly animated?: true;
  /** An embedded preview was classified, because the picture itself does not fit into memory. */
  readonly preview?: true;
}

export interface ModelFacts {
  readonly name: string;
  /** Changes whenever scores can change. */
  readonly version: string;
}

export interface Classification {
  /** Best first. */
  readonly predictions: readonly Prediction[];
  /** From general to specific, each with `tag_min_score` or more; empty if nothing scores as much. */
  readonly tags: readonly Tag[];
  /** The last of the tags; null if there is none, or only that it is an object. */
  readonly tag: string | null;
  /** Version of the groups: changes when a class moves to another. */
  readonly taxonomy: string;
  /** Probability of all classes that `labels` lists, together; only if that option is given. */
  readonly labels_score?: number;
  readonly image: ImageFacts;
  readonly model: ModelFacts;
}

/** The feature vector of a picture, of 1024 numbers: as numbers, or as the base64 of little-endian float32. */
export interface Embedding {
  readonly embedding: readonly number[] | string;
  /** Embeddings of the same space can be compared, also when `model.version` differs. */
  readonly embedding_space: string;
  readonly image: ImageFacts;
  readonly model: ModelFacts;
}

/** Problem details (RFC 9457). */
export interface Problem {
  /** Where the documentation explains the code. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What was wrong, what the limit is and what to do. */
  readonly detail: string;
  /** Stable, for machines. */
  readonly code: ProblemCode;
  /** The same as `detail`. */
  readonly error: string;
  readonly request_id: string;
}

/** Every code. A newer service may have more, so a switch over them needs a default. */
export type ProblemCode =
  | 'anonymous_refused'
  | 'key_wrong'
  | 'key_throttled'
  | 'rate_limited'
  | 'overloaded'
  | 'too_many_open'
  | 'caller_gone'
  | 'body_missing'
  | 'body_too_large'
  | 'body_too_slow'
  | 'body_interrupted'
  | 'body_encoding_unsupported'
  | 'body_undecodable'
  | 'body_mangled'
  | 'json_invalid'
  | 'json_too_complex'
  | 'field_invalid'
  | 'multipart_invalid'
  | 'multipart_field_missing'
  | 'base64_invalid'
  | 'url_input_off'
  | 'url_invalid'
  | 'url_scheme_not_allowed'
  | 'url_address_refused'
  | 'url_host_not_allowed'
  | 'url_file_too_large'
  | 'url_fetch_failed'
  | 'url_fetch_too_slow'
  | 'url_batch_too_slow'
  | 'batch_empty'
  | 'batch_too_many_items'
  | 'batch_too_costly'
  | 'image_not_bytes'
  | 'image_format_unsupported'
  | 'image_kind_unsupported'
  | 'image_side_too_long'
  | 'image_area_too_large'
  | 'image_too_costly'
  | 'image_memory_exceeded'
  | 'image_unreadable'
  | 'option_invalid'
  | 'model_unknown'
  | 'tensor_invalid'
  | 'inference_header_invalid'
  | 'right_missing'
  | 'collections_off'
  | 'quota_reached'
  | 'collection_unknown'
  | 'item_unknown'
  | 'version_unknown'
  | 'collection_untaught'
  | 'collection_sharded'
  | 'shards_fixed'
  | 'collection_newer'
  | 'collection_busy'
  | 'embedding_space_differs'
  | 'jobs_off'
  | 'job_unknown'
  | 'too_many_jobs'
  | 'object_gone'
  | 'route_unknown'
  | 'method_not_allowed'
  | 'internal';

/** One picture's line of a batch. */
export type BatchLine =
  | { readonly index: number; readonly result: Classification }
  | { readonly index: number; readonly error: Problem };

/** The same for a batch of embeddings. */
export type EmbedBatchLine =
  | { readonly index: number; readonly result: Embedding }
  | { readonly index: number; readonly error: Problem };
