/** Processes a new picture in the bucket, on R2's event notification. */
import type { Classifier } from '../classifier.ts';
import type { Collections } from '../collections/collections.ts';
import type { Settings } from '../settings.ts';
import { type JobBindings, theDirectory } from './bindings.ts';
import { type EventRule, eventRulesOf, outputsOf, ruleFor, wrongEntry } from './event-rules.ts';
import { isOfTheMoment, keepItems } from './indexing.ts';
import { isInput, isResult, RESULT_METADATA } from './inputs.ts';
import { type PictureSource, picturesOf } from './pictures.ts';
import { pictureKey } from './result-keys.ts';
import { type Line, lineOf } from './result-line.ts';
import { makerOf } from './task.ts';
import { readTaskOptions } from './task-options.ts';

export interface NewPictureParts {
  readonly bindings: JobBindings;
  readonly classifier: Classifier;
  readonly collections: Collections;
  readonly source: PictureSource;
  readonly settings: Settings;
}

/** How long prefixes of results are cached. A newer result is recognised by its metadata. */
const OUTPUTS_MILLISECONDS = 10_000;

/** @throws SettingsError if JOBS_NEW_PICTURES is invalid. */
export function checkEventRules(settings: Settings): void {
  for (const [i, rule] of eventRulesOf(settings).entries()) {
    const read = readTaskOptions(rule);
    if (read.ok) continue;
    const { failure } = read;
    const isOption = failure.code === 'option_invalid';
    throw wrongEntry(i, isOption ? `${failure.option} must be ${failure.reason}` : failure.code);
  }
}

/** @param reached called with the name of a point at which a test can make an attempt fail. */
export function createNewPictures(
  { bindings, classifier, collections, source, settings }: NewPictureParts,
  reached: (seam: 'seen' | 'written') => void,
) {
  const { bucket } = bindings;
  const rules = eventRulesOf(settings);
  let outputs: { readonly prefixes: readonly string[]; readonly asked: number } | undefined;

  /** @param isDead whether it failed too often. */
  return async (key: string, isDead: boolean): Promise<void> => {
    if (!isInput(key, await outputPrefixes())) return;
    const rule = ruleFor(key, rules);
    const line = isDead ? lineOf(0, key, { failure: { code: 'internal' } }, key) : await lineFor(key, rule);
    if (line === undefined) return;
    reached('seen');
    const place = await pictureKey(rule.output ?? settings.JOBS_OUTPUT_PREFIX, key);
    await bucket.put(place, line.text, {
      customMetadata: RESULT_METADATA,
      httpMetadata: { contentType: 'application/json' },
    });
    reached('written');
  };

  /** @returns undefined if the picture is gone, or is a result. */
  async function lineFor(key: string, rule: EventRule): Promise<Line | undefined> {
    const head = await bucket.head(key);
    if (head === null || isResult(head)) return undefined;
    const make = await makerOf(rule.owner, rule, collections);
    if (!make.ok && isOfTheMoment(make.failure)) throw new Error(`The collection: ${make.failure.code}`);
    if (!make.ok) return lineOf(0, key, make, key);
    for await (const { bytes } of picturesOf(source, [key])) {
      const seen = bytes.ok ? await classifier.see(bytes.value) : bytes;
      if (!seen.ok && seen.failure.code === 'object_gone') return undefined;
      if (!seen.ok) return lineOf(0, key, seen, key);
      if (!bytes.ok) continue;
      const made = await make.value(key, seen.value, bytes.value);
      if ('result' in made) return lineOf(0, key, made, key);
      const kept = (await keepItems(collections, rule, [made.item])).get(key);
      if (kept !== undefined) return lineOf(0, key, kept.ok ? { result: kept.value } : kept, key);
    }
    return undefined;
  }

  async function outputPrefixes(): Promise<readonly string[]> {
    const now = Date.now();
    if (outputs === undefined || now - outputs.asked > OUTPUTS_MILLISECONDS) {
      const prefixes = [...outputsOf(settings), ...(await theDirectory(bindings).outputs())];
      outputs = { prefixes, asked: now };
    }
    return outputs.prefixes;
  }
}
