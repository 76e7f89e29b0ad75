import { existsSync } from 'node:fs';
import { accuracy } from './accuracy.mjs';
import { referenceModel } from './check-model.mjs';
import { SHARED, withoutShared } from './shared-data.mjs';

/**
 * The Worker and the float32 network on the same photos.
 *
 * @param {string} scratch
 */
export async function measureAccuracy(scratch) {
  const skipped = withoutShared(SHARED.photos, SHARED.weights, SHARED.synsets);
  if (skipped) return skipped;
  const reference = referenceModel(scratch);
  if (!existsSync(reference)) {
    console.error('The model rebuild wrote no float32 network to compare with.');
    return false;
  }
  return (await accuracy([SHARED.photos, '--reference', reference])) === 0;
}
