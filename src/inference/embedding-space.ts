/**
 * Which vectors may be compared with which: those of one space.
 *
 * `model.version` changes whenever a score can; this one only when vectors that were stored before no longer match
 * those of the same pictures now, and that is a decision: a test holds the network to embeddings of 1.1.0, with a
 * cosine of 0.9999 or more.
 */
export const EMBEDDING_SPACE = 'mobilenet_v3_small_100_224/1';
