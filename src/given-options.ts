/**
 * Options of the native API as callers send them: in a query, with the picture in a form or in JSON, or over RPC. All
 * are parsed alike, so that every spelling works everywhere.
 */
import type { z } from 'zod';
import { fail, ok, type Result } from './failure.ts';
import { isMember, memberNames, misspelt, optionNames } from './option-names.ts';
import { parseOptions } from './options.ts';

/** Name by name, in the order received; a name may occur twice. */
export type Given = readonly (readonly [name: string, value: unknown])[];

/**
 * Parses options. Null stands for an option's default. Unknown names are ignored, so that a caller may add its own
 * parameters, but names that are nearly an option are refused.
 *
 * @param sources a later one overrides an earlier one.
 * @returns the options, or `option_invalid` with the first invalid one and what it should be.
 */
export function readOptions<T extends z.ZodObject>(
  schema: T,
  ...sources: readonly Given[]
): Result<z.output<T>> {
  const names = optionNames(schema);
  const options = new Map<string, unknown>();
  for (const source of sources) {
    const gathered = gather(source, names);
    if (!gathered.ok) return gathered;
    for (const [name, value] of gathered.value) options.set(name, value);
  }
  return parseOptions(schema, Object.fromEntries(options));
}

/** The options that one source gives, with members assembled into objects. */
function gather(source: Given, names: readonly string[]): Result<Map<string, unknown>> {
  const options = new Map<string, unknown>();
  const lists = new Map<string, unknown[]>();
  for (const [name, value] of source) {
    const misspelling = misspellingIn(name, value, names);
    if (misspelling !== undefined) return misspelling;
    if (!names.includes(name)) continue;
    if (isMember(name)) {
      // An empty form field means that it was not filled in.
      if (value !== null && value !== '') lists.set(name, [...(lists.get(name) ?? []), ...listOf(value)]);
    }
    // The first value of a name counts, as in any query.
    else if (!options.has(name)) options.set(name, membersOf(name, value));
  }
  for (const name of names) {
    const members = memberNames(name).filter((member) => lists.has(member));
    if (members.length === 0) continue;
    const entries = members.map((member) => [member.slice(name.length + 1), lists.get(member)] as const);
    const whole = options.get(name);
    options.set(name, { ...(isRecord(whole) ? whole : {}), ...Object.fromEntries(entries) });
  }
  return ok(options);
}

/** A caller's own words are quoted, but shortened. */
const QUOTED_CHARACTERS = 40;

function misspellingIn(name: string, value: unknown, names: readonly string[]) {
  const inner = memberNames(name).length > 0 && isRecord(value) ? Object.keys(value) : [];
  for (const candidate of [name, ...inner.map((member) => `${name}.${member}`)]) {
    const meant = misspelt(candidate, names);
    if (meant === undefined) continue;
    const option = JSON.stringify(candidate.slice(0, QUOTED_CHARACTERS));
    return fail({
      code: 'option_invalid',
      option,
      reason: `written ${meant}`,
    });
  }
  return undefined;
}

/** An option with members as an object, if it came as JSON text; null is left out at both levels. */
function membersOf(name: string, value: unknown): unknown {
  if (value === null) return undefined;
  if (memberNames(name).length === 0) return value;
  const whole = typeof value === 'string' ? fromJson(value) : value;
  if (!isRecord(whole)) return whole;
  return Object.fromEntries(Object.entries(whole).filter(([, member]) => member !== null));
}

/** Names in a text are separated by commas, which occur in no class name. */
function listOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.split(',').map((name) => name.trim());
  return Array.isArray(value) ? value : [value];
}

/** @returns the text itself if it is not JSON: the schema then says what it should be. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
