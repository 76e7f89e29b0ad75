/**
 * From the bytes of a picture to the network's outputs: what every entry point and every dialect calls.
 */
import { fail, ok, type Result } from './failure.ts';
import type { Decoder } from './image/decode.ts';
import type { ImageFacts } from './image/facts.ts';
import { fingerprintOf } from './image/fingerprint.ts';
import { planFor, prepare } from './image/prepare.ts';
import { createAllowance, type Share } from './image/ways/allowance.ts';
import { UNIT_LIMITS, type UnitLimits } from './image/ways/time.ts';
import type { Way } from './image/ways/way.ts';
import type { Network, NetworkOutput } from './inference/network.ts';

/** What the network makes of a picture, and what the picture is. */
export interface Seen extends NetworkOutput {
  readonly image: ImageFacts;
  /** Its perceptual hash, of 8 bytes. */
  readonly fingerprint: Uint8Array;
  /** What decoded it; unset where it was not decoded this time. */
  readonly decoder?: Way['decoder'];
  /** Whether it was cached; unset where the cache was not asked. */
  readonly cache?: 'hit' | 'miss';
}

export interface Classifier {
  /**
   * Looks at one picture.
   *
   * @param bytes an image file.
   * @param share of the time that the request has for its pictures; all that one may take where there is none.
   * @throws only for our own faults; whatever the bytes hold, the answer is a value.
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
      // First, so that a network that does not start costs no decode.
      await network.warm();
      const prepared = await prepare(plan.value, decoder, share);
      if (!prepared.ok) return prepared;
      const { input, facts, decoder: way } = prepared.value;
      const output = await network.run(input);
      return ok({ ...output, image: facts, fingerprint: fingerprintOf(input), decoder: way });
    },
  };
}
