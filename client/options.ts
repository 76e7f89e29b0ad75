/** Options of a request, by the names of the API. */

export interface ClassifyOptions {
  /** How many predictions to list, best first: 1–1000, 5 by default. */
  readonly top_k?: number;
  /** Least probability of a listed prediction: 0–1, 0 by default. */
  readonly min_score?: number;
  /** Least score of a tag: above 0.5 to 1, 0.6 by default. */
  readonly tag_min_score?: number;
  /** Which classes to list, by synset, name or group. Scores do not change. */
  readonly labels?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
}

export interface EmbedOptions {
  /** Numbers, or the base64 of little-endian float32. */
  readonly encoding_format?: 'float' | 'base64';
  /** Whether to divide the vector by its L2 norm, so that a dot product is the cosine. */
  readonly normalize?: boolean;
}
