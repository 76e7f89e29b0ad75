/**
 * Collections as models of the dialects: the model has the collection's name.
 *
 * The native routes decide who may use a collection and which version answers. This finds it by the name in a path, and
 * reports a missing one as protocols report an unknown model.
 */
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Collections } from '../../collections/collections.ts';
import { RESERVED_NAMES, referenceOf } from '../../collections/names.ts';
import type { Served } from '../../collections/serving.ts';
import { fail, ok, type Result } from '../../failure.ts';
import { callerOf } from '../collection-request.ts';
import type { AppEnv } from '../env.ts';
import type { Services } from '../services.ts';

export interface Taught {
  /** The name as the caller gave it: `NAME` or `OWNER/NAME`. */
  readonly name: string;
  /** The version of the collection in which the answering labels were taught. */
  readonly version: string;
  readonly served: Served;
  /**
   * The versions that metadata lists: the one that a path names; or, without one, all that a path may name, beginning
   * with the one that answers, then the newest first.
   */
  versions(): Promise<Result<readonly string[]>>;
}

export interface Asked {
  readonly name: string;
  /** The version in the path; undefined for the newest that can answer. */
  readonly version?: string | undefined;
  /** The models that are not collections; a failure lists them. */
  readonly known: readonly string[];
  /** The model's name in the dialect, if it differs. */
  readonly called?: string;
  /** Prefix of collection names in this dialect. */
  readonly before?: string;
}

/**
 * A model's name in a path, as the pattern of a parameter: `NAME`, or `OWNER/NAME` with the slash literal or as `%2F`,
 * because some clients encode it.
 *
 * @param characters allowed in a part, as a character class of a regular expression.
 */
export function modelName(parameter: string, characters = '[^/]', end = ''): string {
  const reserved = `(?!(?:${RESERVED_NAMES.join('|')})(?:[/:]|$))`;
  return `:${parameter}{${characters}+(?:/${reserved}${characters}+)?${end}}`;
}

/**
 * Finds a collection by the model's name.
 *
 * @returns `model_unknown` if there is none that the caller may use, or it cannot answer with the requested version;
 *   and the other failures of collections, as in the native routes.
 */
export async function taughtModel(
  c: Context<AppEnv>,
  collections: Collections,
  { name, called = name, version, known, before = '' }: Asked,
): Promise<Result<Taught>> {
  const unknown = (others: readonly string[]) =>
    fail({
      code: 'model_unknown',
      name: called,
      known: others,
      ...(version === undefined ? {} : { version }),
      ...(collections.enabled ? { collections: before } : {}),
    });
  const caller = callerOf(c);
  const reference = referenceOf(name, caller);
  if (reference === undefined || !collections.enabled) return unknown(known);
  const asked = version === undefined ? undefined : versionOf(version);
  const question = { reference, caller, origin: new URL(c.req.url).origin };
  let served = await collections.open({ ...question, version: asked });
  // It does not have that version yet, so the error names the one that it has.
  if (!served.ok && served.failure.code === 'option_invalid') served = await collections.open(question);
  if (!served.ok) return served.failure.code === 'collection_unknown' ? unknown(known) : served;
  const answering = String(served.value.taught);
  if (version === undefined || version === answering) {
    const versions = async () => {
      if (version !== undefined) return ok([version]);
      const kept = await collections.keptVersions(reference, caller);
      return kept.ok ? ok([...new Set([answering, ...kept.value.map(String)])]) : kept;
    };
    return ok({ name, version: answering, served: served.value, versions });
  }
  // No head has a higher version than the collection.
  const possible = asked !== undefined && asked <= served.value.facts.version;
  const kept = possible ? await collections.open({ ...question, head: asked }) : undefined;
  if (kept?.ok) return ok({ name, version, served: kept.value, versions: async () => ok([version]) });
  return kept === undefined || kept.failure.code === 'version_unknown'
    ? unknown([`${called} with version ${answering}`])
    : kept;
}

/** @returns undefined for a text that cannot be a version. */
function versionOf(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

/** Facts about the network need no key; those about a collection are for callers that may use it. */
export function guardOfCollections({ guard }: Services, isAboutNetwork: (c: Context<AppEnv>) => boolean) {
  return createMiddleware<AppEnv>((c, next) => (isAboutNetwork(c) ? next() : guard(c, next)));
}
