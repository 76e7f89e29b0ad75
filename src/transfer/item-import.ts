/**
 * Imports items from a file: read line by line, stored some hundred at a time. What was stored stays, whatever happens
 * to the rest, and importing the same file again does not change it.
 */
import * as z from 'zod';
import { collectionVersionSchema } from '../collection-answer.ts';
import type { Collections } from '../collections/collections.ts';
import type { NewItem } from '../collections/item.ts';
import type { Reference } from '../collections/names.ts';
import { type Failure, ok, type Result } from '../failure.ts';
import type { JsonLine } from '../input/lines.ts';
import { type ProblemDetails, problemDetails, problemSchema } from '../problem-details.ts';
import { importedItem } from './portable-item.ts';

/** Stored in one transaction. One call to the object for each is far within a request's limits. */
const KEPT_AT_ONCE = 500;

/** Failed lines that are listed: in a file of another kind all lines fail. */
const MOST_ERRORS = 100;

export const importedItemsSchema = z.lazy(() =>
  z
    .object({
      items: z
        .object({
          added: z.int().min(0),
          replaced: z.int().min(0).describe('The id existed, with another label, metadata or embedding.'),
          unchanged: z.int().min(0),
          failed: z.int().min(0),
        })
        .readonly(),
      errors: z
        .array(
          z
            .object({ line: z.int().min(1).describe('The first line is 1.'), error: problemSchema })
            .readonly(),
        )
        .readonly()
        .describe(`The first ${MOST_ERRORS} lines that failed.`),
      collection: collectionVersionSchema.describe('The version after the whole import.'),
    })
    .readonly()
    .meta({ id: 'ImportedItems' }),
);

export type ImportedItems = z.infer<typeof importedItemsSchema>;

export interface ImportTo {
  readonly collections: Collections;
  readonly reference: Reference;
  readonly caller: string;
  /** The collection's name as the caller gave it. */
  readonly name: string;
  readonly requestId: string;
}

/** @throws what the lines throw; what was stored before remains. */
export async function importItems(
  lines: AsyncIterable<JsonLine>,
  { collections, reference, caller, name, requestId }: ImportTo,
): Promise<Result<ImportedItems>> {
  const counts = { added: 0, replaced: 0, unchanged: 0, failed: 0 };
  const errors: { readonly line: number; readonly error: ProblemDetails }[] = [];
  let waiting: { readonly line: number; readonly item: NewItem }[] = [];

  function failed(line: number, failure: Failure): void {
    counts.failed++;
    if (errors.length < MOST_ERRORS) errors.push({ line, error: problemDetails(failure, requestId) });
  }

  async function keep(): Promise<Result<number>> {
    const items = waiting.map(({ item }) => item);
    const changed = await collections.add(reference, caller, items);
    if (!changed.ok) return changed;
    for (const [index, outcome] of changed.value.value.entries()) {
      if (outcome.ok) counts[outcome.value.status]++;
      else failed(waiting[index]?.line ?? 0, outcome.failure);
    }
    waiting = [];
    return ok(changed.value.facts.version);
  }

  for await (const { line, value } of lines) {
    const item = value.ok ? await importedItem(value.value) : value;
    if (item.ok) waiting.push({ line, item: item.value });
    else failed(line, item.failure);
    if (waiting.length < KEPT_AT_ONCE) continue;
    const kept = await keep();
    if (!kept.ok) return kept;
  }
  const kept = await keep();
  if (!kept.ok) return kept;
  // Failures to store are known later than failures to read the lines after them.
  errors.sort((one, other) => one.line - other.line);
  return ok({ items: counts, errors, collection: { name, version: kept.value } });
}
