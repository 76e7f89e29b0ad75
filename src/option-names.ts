/** The names of options, and names that are nearly one. */
import type { z } from 'zod';
import { collectionChoice } from './collection-options.ts';
import { classifyOptionsSchema, embedOptionsSchema } from './options.ts';

/** Options with members, which a query and a form name with a dot: each is a list of names. */
const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([['labels', ['include', 'exclude']]]);

/** Names that are sent with a picture and are not options. */
const OTHERS = ['image', 'images', 'url'];

const KNOWN = new Set([
  ...OTHERS,
  ...Object.keys(collectionChoice),
  ...optionNames(classifyOptionsSchema),
  ...optionNames(embedOptionsSchema),
]);

/** The options of a schema by name, and their members as `labels.include`. */
export function optionNames(schema: z.ZodObject): readonly string[] {
  return Object.keys(schema.shape).flatMap((name) => [name, ...memberNames(name)]);
}

/** The members of an option, by their full names. */
export function memberNames(option: string): readonly string[] {
  return (MEMBERS.get(option) ?? []).map((member) => `${option}.${member}`);
}

/** What a name refers to: an option, or a member of one. */
export function isMember(name: string): boolean {
  return [...MEMBERS.keys()].some((option) => memberNames(option).includes(name));
}

/**
 * The option that a name misspells: it differs only in case and in `-`, `_` or `.`, or by one letter.
 *
 * @returns undefined for a correct name, also of another route, and for one that is similar to none.
 */
export function misspelt(name: string, names: readonly string[]): string | undefined {
  if (KNOWN.has(name) || names.includes(name)) return undefined;
  return names.find((right) => bare(right) === bare(name) || isOneLetterOff(name, right));
}

function bare(name: string): string {
  return name.replace(/[-_.]/g, '').toLowerCase();
}

/** Whether one letter is added, removed or replaced. */
function isOneLetterOff(name: string, right: string): boolean {
  const [short, long] = name.length < right.length ? [name, right] : [right, name];
  if (long.length - short.length > 1) return false;
  let same = 0;
  while (same < short.length && short[same] === long[same]) same++;
  const rest = long.slice(same + 1);
  return rest === short.slice(long.length === short.length ? same + 1 : same);
}
