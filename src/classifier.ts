/**
 * From the bytes of a picture to the network's outputs. Every entry point and every dialect calls it.
 */
import { fail, ok, type Result } from './failure.ts';
import type { Decoder } from './image/decode.ts';
import type { ImageFacts } from './image/facts.ts';
import { fingerprintOf } from './image/fingerprint.ts';
import { planFor, prepare } from './image/prepare.ts';
import { thumbnailOf } from './image/resample/resample-kernel.ts';
import { createAllowance, type Share } from './image/ways/allowance.ts';
import { UNIT_LIMITS, type UnitLimits } from './image/ways/time.ts';
import type { Way } from './image/ways/way.ts';
import type { Network, NetworkOutput } from './inference/network.ts';

/** The network's output for a picture, and the facts about the picture. */
export interface Seen extends NetworkOutput {
  readonly image: ImageFacts;
  /** Its perceptual hash, 8 bytes. */
  readonly fingerprint: Uint8Array;
  /** The way that decoded it; unset if it was not decoded this time. */
  readonly decoder?: Way['decoder'];
  /** Whether it was cached; unset if the cache was not used. */
  readonly cache?: 'hit' | 'miss';
}

export interface Classifier {
  /**
   * Classifies one picture.
   *
   * @param bytes an image file.
   * @param share the request's remaining time for pictures; by default, the most that one picture may take.
   * @throws only for internal errors; whatever the bytes hold, the result is a value.
   */
  see(bytes: Uint8Array, share?: Share): Promise<Result<Seen>>;
  /** Runs the network on a prepared tensor: see `Network.run`. */
  infer: Network['run'];
  /** Starts the network unless it has started. */
  warm: Network['warm'];
}

/** @param unitLimits CPU time that a picture may take, in the units of `image/ways/time.ts`. */
export function createClassifier(
  decoder: Decoder,
  network: Network,
  unitLimits: UnitLimits = UNIT_LIMITS,
): Classifier {
  return {
    warm: network.warm,
    infer: network.run,
    async see(bytes, share = createAllowance(unitLimits.picture).picture()) {
      const plan = planFor(bytes, unitLimits);
      if (!plan.ok) return plan;
      const refused = share.take(plan.value.units);
      if (refused !== undefined) return fail(refused);
      // First, so that a network that fails to start costs no decode.
      await network.warm();
      const prepared = await prepare(plan.value, decoder, share);
      if (!prepared.ok) return prepared;
      const { input, facts, decoder: way } = prepared.value;
      const output = await network.run(input);
      return ok({ ...output, image: facts, fingerprint: fingerprintOf(thumbnailOf(input)), decoder: way });
    },
  };
}
