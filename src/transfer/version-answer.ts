/** Answers about versions, the same over HTTP and RPC. */
import * as z from 'zod';
import { collectionVersionSchema } from '../collection-answer.ts';
import type { Changed } from '../collections/facts.ts';
import { type HeadVersion, KEPT_VERSIONS } from '../collections/head-versions.ts';

const versionSchema = z
  .object({
    version: z
      .int()
      .min(1)
      .describe('Version of the collection that it was trained on, or that its import created.'),
    source: z.enum(['trained', 'imported']),
    created: z.iso.datetime(),
    labels: z.int().min(1),
    examples: z.int().min(0).describe('Number of items that it was trained on.'),
    accuracy: z
      .number()
      .min(0)
      .max(1)
      .exactOptional()
      .describe('Leave-one-out accuracy, if every label had five items.'),
    active: z.boolean().describe('Whether this version answers.'),
  })
  .readonly()
  .meta({ id: 'HeadVersion' });

export const versionsSchema = z.lazy(() =>
  z
    .object({
      versions: z
        .array(versionSchema)
        .readonly()
        .describe(`Newest first: the last ${KEPT_VERSIONS}, and the active one.`),
      pinned: z
        .boolean()
        .describe(
          'Whether a version was activated, which then keeps answering while the collection changes.',
        ),
      collection: collectionVersionSchema,
    })
    .readonly()
    .meta({ id: 'Versions' }),
);

export type VersionList = z.infer<typeof versionsSchema>;

/** @param name the collection's name as the caller gave it. */
export function versionsAnswer({ value, facts }: Changed<HeadVersion[]>, name: string): VersionList {
  const answering = facts.active ?? facts.taught;
  return {
    versions: value.map(({ created, ...version }) => ({
      ...version,
      created: new Date(created).toISOString(),
      active: version.version === answering,
    })),
    pinned: facts.active !== undefined,
    collection: {
      name,
      version: facts.version,
      ...(facts.active === undefined ? {} : { active_version: facts.active }),
    },
  };
}
