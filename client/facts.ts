/** What the service reports about itself. A test holds these types equal to its schemas, like those in `answers.ts`. */

export interface Limits {
  /** Whether the routes that cost CPU answer callers without a key. */
  readonly anonymous: boolean;
  readonly image: {
    /** Largest image file, raw or in a form. */
    readonly max_bytes: number;
    readonly max_side_pixels: number;
    /** CPU time that a picture may cost by its header; a JPEG of 640×480 costs about one unit. */
    readonly max_units: number;
    /** The same for HEIC, which costs more than any other format. */
    readonly max_heic_units: number;
    /** Width times height, by kind of picture; a larger file leaves room for fewer. */
    readonly max_pixels: Record<string, number>;
  };
  /** Largest JSON body with pictures in base64. */
  readonly json: { readonly max_bytes: number };
  /** Largest body of numbers. */
  readonly tensor: { readonly max_bytes: number };
  readonly batch: {
    /** In a collection with shards, of each shard. */
    readonly max_items: number;
    readonly max_bytes: number;
    /** CPU time that the pictures of a batch may cost together; one that exceeds it fails alone. */
    readonly max_units: number;
  };
  /** Pictures by URL. */
  readonly url: {
    readonly enabled: boolean;
    /** `*` stands for any characters; without a port, 80 and 443 are meant. */
    readonly hosts: readonly string[];
    readonly schemes: readonly ('https' | 'http')[];
    readonly max_bytes: number;
    readonly max_redirects: number;
    readonly timeout_seconds: number;
    readonly batch_timeout_seconds: number;
  };
  /** Bodies that one isolate works on at once. */
  readonly in_flight: { readonly max_bytes: number; readonly max_requests: number };
  /** Requests by key, or by address without one, in one location; null if they are not counted. */
  readonly rate: { readonly requests: number; readonly period_seconds: number } | null;
  /** How long the output of the network for a picture is cached at most; 0 is not at all. */
  readonly cache: { readonly seconds: number };
  /** Own classes. Limits of one owner, then of one collection. */
  readonly collections: {
    readonly enabled: boolean;
    /** Whether callers without a key may make and change them. */
    readonly anonymous: boolean;
    readonly max_collections: number;
    readonly max_items: number;
    readonly max_labels: number;
    readonly max_labelled_items: number;
    readonly max_shards: number;
    /** Metadata of one item, as JSON. */
    readonly max_metadata_bytes: number;
    /** Memory that an isolate may hold for search, in bytes. */
    readonly search_memory_bytes: number;
  };
  /** Jobs over a bucket. */
  readonly jobs: {
    readonly enabled: boolean;
    /** Whether callers without a key may run them. */
    readonly anonymous: boolean;
    /** Jobs of one owner that have not ended. */
    readonly max_open: number;
  };
  /** Time for a whole body to arrive. */
  readonly body_timeout_seconds: number;
  readonly top_k: Range;
  readonly min_score: Range;
  readonly tag_min_score: { readonly above: number; readonly max: number; readonly default: number };
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

export interface ModelCard {
  readonly name: string;
  /** Changes whenever scores can change. */
  readonly version: string;
  readonly task: string;
  readonly licence: string;
  readonly origin: Readonly<Record<string, string>>;
  readonly inputs: readonly TensorFacts[];
  readonly outputs: readonly TensorFacts[];
  readonly preprocessing: {
    readonly orientation: string;
    readonly transparency: string;
    readonly resize_short_side: number;
    readonly filter: string;
    readonly crop: { readonly position: string; readonly width: number; readonly height: number };
    readonly channels: string;
    readonly range: readonly number[];
  };
  /** Weights of the network. */
  readonly parameters: number;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  readonly accuracy: readonly Accuracy[];
  /** How often predictions with a given score were right, on pictures of known classes. */
  readonly reliability: Reliability;
  /** Version of the groups: changes when a class moves to another. */
  readonly taxonomy: string;
  /** Embeddings of the same space can be compared, also when `version` differs. */
  readonly embedding_space: string;
}

interface TensorFacts {
  readonly name: string;
  readonly datatype: string;
  /** −1 is any number of instances. */
  readonly shape: readonly number[];
  readonly meaning: string;
}

/** Percentages. */
interface Accuracy {
  readonly who: string;
  readonly pictures: string;
  readonly top1: number;
  readonly top5?: number;
  /** Pictures with the same best class as the float32 network. */
  readonly same_top1_as_reference?: number;
  readonly source: string;
}

interface Reliability {
  readonly pictures: string;
  readonly source: string;
  /** First predictions by their score. */
  readonly first_class: readonly Bin[];
  /** Groups, all of every picture, by their score. */
  readonly groups: readonly Bin[];
}

interface Bin {
  /** Lowest score of the range. */
  readonly from: number;
  /** Scores are below it, except 1. */
  readonly to: number;
  readonly count: number;
  /** Percentage of them that were right; null if there are none. */
  readonly right: number | null;
}
