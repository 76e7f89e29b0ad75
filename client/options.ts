/** What a caller may ask of an answer, under the names of the API. */

export interface ClassifyOptions {
  /** How many predictions to list, best first: 1–1000, 5 unless told. */
  readonly top_k?: number;
  /** Least probability of a listed prediction: 0–1, 0 unless told. */
  readonly min_score?: number;
  /** Least score of a tag: above 0.5 to 1, 0.6 unless told. */
  readonly tag_min_score?: number;
  /** Which classes to list, by synset or any of their names, or by a group. Scores stay what they are. */
  readonly labels?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
}

export interface EmbedOptions {
  /** Numbers, or the base64 of little-endian float32. */
  readonly encoding_format?: 'float' | 'base64';
  /** Whether to divide the vector by its L2 norm, so that a dot product is the cosine. */
  readonly normalize?: boolean;
}
