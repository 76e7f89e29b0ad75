/** Settings that are lists: names, keys and origins, separated by commas. */
import * as z from 'zod';
import { WORKERS_AI_OWN } from './collections/names.ts';
import { parseHostPattern } from './input/url/hosts.ts';

/** A key by its name and its hash: the key itself is stored nowhere. */
export interface StoredKey {
  readonly name: string;
  /** 32 bytes. */
  readonly sha256: Uint8Array;
}

const KEYS_EXPECTED =
  'entries NAME:HASH separated by commas, with a name of letters, digits, ".", "_" and "-" (not "anonymous") ' +
  'and the 64 hexadecimal digits that npm run key prints';
const RIGHTS_EXPECTED =
  'entries NAME=teach, NAME=jobs or NAME=jobs:PREFIX separated by semicolons, with the names of keys, such as ' +
  '"parts=teach; loader=jobs:2024/"';
const HOSTS_EXPECTED =
  'hosts separated by commas, such as photos.example.com, *.cdn.example.com or example.org:8443, without scheme, ' +
  'path or user name, and without * after the last dot';
const PREFIX_EXPECTED =
  'the beginning of keys in a bucket, which ends in "/" and has no part that is empty, "." or "..", such as labels/';
/** A prefix that is also valid as a path of folders. */
export const FOLDER = /^(?:(?!\.{1,2}\/)[^/]+\/)+$/;
const OBJECTS_EXPECTED =
  'a JSON list of objects, such as [{"source": {"prefix": "2024/"}, "options": {"top_k": 1}}]';
const ORIGINS_EXPECTED = '* or origins separated by commas, such as https://example.com';

/** The name of callers without a key, also in the log. */
export const ANONYMOUS = 'anonymous';

const ALIASES_EXPECTED = `names of models separated by commas, of which none begins with "${WORKERS_AI_OWN}": those are collections`;

/** Further names of the network. */
export const aliases = z
  .string({ error: ALIASES_EXPECTED })
  .transform(split)
  .refine((names) => !names.some((name) => name.startsWith(WORKERS_AI_OWN)), { error: ALIASES_EXPECTED });

/** The same name may occur twice, so that an old and a new key can overlap. */
export const apiKeys = z.string({ error: KEYS_EXPECTED }).transform((text, context) => {
  const keys = split(text).map(storedKey);
  const sound = keys.filter((key) => key !== undefined);
  // zod would quote the input in its own message, and this is a secret.
  if (sound.length < keys.length) context.addIssue({ code: 'custom', message: KEYS_EXPECTED });
  return sound;
});

/** The rights of a key besides classifying, by its name. A name may occur several times. */
export type KeyRight =
  | { readonly name: string; readonly right: 'teach' }
  /** Jobs over the keys that begin with the prefix; the empty prefix matches all. */
  | { readonly name: string; readonly right: 'jobs'; readonly prefix: string };

/** An unknown right is a mistake, and not ignored. */
export const keyRights = z.string({ error: RIGHTS_EXPECTED }).transform((text, context) => {
  const entries = text
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(keyRight);
  const sound = entries.filter((entry) => entry !== undefined);
  if (sound.length < entries.length) context.addIssue({ code: 'custom', message: RIGHTS_EXPECTED });
  return sound;
});

function keyRight(entry: string): KeyRight | undefined {
  const [, name, right, prefix = ''] = /^([\w.-]{1,64})\s*=\s*(teach|jobs)(?::(.+))?$/.exec(entry) ?? [];
  if (name === undefined || name === ANONYMOUS) return undefined;
  if (right === 'jobs') return { name, right, prefix };
  return prefix === '' ? { name, right: 'teach' } : undefined;
}

export const hostList = z.string({ error: HOSTS_EXPECTED }).transform((text, context) => {
  const entries = split(text).map((entry) => ({ entry, host: parseHostPattern(entry) }));
  const wrong = entries.find(({ host }) => host === undefined);
  if (wrong !== undefined) {
    context.addIssue({
      code: 'custom',
      message: `${HOSTS_EXPECTED}. ${JSON.stringify(wrong.entry)} is none`,
    });
  }
  return entries.flatMap(({ host }) => (host === undefined ? [] : [host]));
});

export const outputPrefix = z
  .string({ error: PREFIX_EXPECTED })
  .max(512, { error: PREFIX_EXPECTED })
  .regex(FOLDER, { error: PREFIX_EXPECTED });

/** The objects are parsed by the modules that know their fields. Empty means none. */
export const objectList = z.string({ error: OBJECTS_EXPECTED }).transform((text, context) => {
  const parsed = z.array(z.looseObject({})).safeParse(text.trim() === '' ? [] : fromJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: OBJECTS_EXPECTED });
  return z.NEVER;
});

/** Text that is not JSON is not a list either. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const origins = z.string({ error: ORIGINS_EXPECTED }).transform((text, context) => {
  const list = split(text);
  if (!list.every(isOrigin)) context.addIssue({ code: 'custom', message: ORIGINS_EXPECTED });
  return list;
});

function split(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function storedKey(entry: string): StoredKey | undefined {
  const [, name, hash] = /^([\w.-]{1,64}):([0-9a-f]{64})$/i.exec(entry) ?? [];
  if (name === undefined || hash === undefined || name === ANONYMOUS) return undefined;
  return { name, sha256: Uint8Array.fromHex(hash) };
}

function isOrigin(text: string): boolean {
  return text === '*' || (!text.includes('*') && URL.parse(text)?.origin === text);
}
