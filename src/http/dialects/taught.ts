/**
 * Collections as the dialects see them: what was taught is a model, and the collection's name is the model's.
 *
 * Who may use which, and which version answers, is what the native routes do: this only finds it under the name in a
 * path, and says what is not there as protocols say it of models.
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
  /** As the caller has called it: `NAME` or `OWNER/NAME`. */
  readonly name: string;
  /** The version of the collection in which what answers was taught. */
  readonly version: string;
  readonly served: Served;
  /**
   * What metadata lists: the version that a path names; or, where it names none, those that it could name, the one that
   * answers first and the others from the newest.
   */
  versions(): Promise<Result<readonly string[]>>;
}

export interface Asked {
  readonly name: string;
  /** As the path has it; undefined for the newest that can answer. */
  readonly version?: string | undefined;
  /** The models that are no collections; a failure lists them. */
  readonly known: readonly string[];
  /** What the dialect calls the model, where that is not the name itself. */
  readonly called?: string;
  /** What goes before the name of a collection in this dialect. */
  readonly before?: string;
}

/**
 * A model's name in a path, as the pattern of a parameter: `NAME`, or `OWNER/NAME` with the slash as it is or as `%2F`.
 * Some clients encode it and some do not.
 *
 * @param characters that a part may have, as a class of a regular expression.
 */
export function modelName(parameter: string, characters = '[^/]', end = ''): string {
  const reserved = `(?!(?:${RESERVED_NAMES.join('|')})(?:[/:]|$))`;
  return `:${parameter}{${characters}+(?:/${reserved}${characters}+)?${end}}`;
}

/**
 * Finds a collection by the name of the model.
 *
 * @returns `model_unknown` where there is none that the caller may use, or the version that was asked for is not one that
 * it can answer with; and what else can be wrong with a collection, as the native routes have it.
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
  // It has no such version yet, so the error has the one that it has.
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
  // No head has a version that the collection has not reached.
  const possible = asked !== undefined && asked <= served.value.facts.version;
  const kept = possible ? await collections.open({ ...question, head: asked }) : undefined;
  if (kept?.ok) return ok({ name, version, served: kept.value, versions: async () => ok([version]) });
  return kept === undefined || kept.failure.code === 'version_unknown'
    ? unknown([`${called} with version ${answering}`])
    : kept;
}

/** @returns undefined for what is no version of any collection. */
function versionOf(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}

/** Facts about the network need no key; those about a collection are for callers who may use it. */
export function guardOfCollections({ guard }: Services, isAboutNetwork: (c: Context<AppEnv>) => boolean) {
  return createMiddleware<AppEnv>((c, next) => (isAboutNetwork(c) ? next() : guard(c, next)));
}
