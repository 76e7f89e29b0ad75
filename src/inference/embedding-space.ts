/**
 * Vectors may be compared if their embedding space is the same.
 *
 * `model.version` changes whenever a score can change; this only when stored vectors no longer match those of the same
 * pictures, which is a decision: a test compares the network with embeddings of 1.1.0, with a cosine of 0.9999 or more.
 */
export const EMBEDDING_SPACE = 'mobilenet_v3_small_100_224/1';
