/** The answers about versions. HTTP and RPC give the same. */
import * as z from 'zod';
import { collectionVersionSchema } from '../collection-answer.ts';
import type { Changed } from '../collections/facts.ts';
import { type HeadVersion, KEPT_VERSIONS } from '../collections/head-versions.ts';

const versionSchema = z
  .object({
    version: z
      .int()
      .min(1)
      .describe(
        'Version of the collection whose labelled items it was trained on, or that its import has made.',
      ),
    source: z.enum(['trained', 'imported']),
    created: z.iso.datetime(),
    labels: z.int().min(1),
    examples: z.int().min(0).describe('Items that it was trained on.'),
    accuracy: z
      .number()
      .min(0)
      .max(1)
      .exactOptional()
      .describe('By leave-one-out, if every label had five items.'),
    active: z.boolean().describe('Whether it is the one that answers.'),
  })
  .readonly()
  .meta({ id: 'HeadVersion' });

export const versionsSchema = z.lazy(() =>
  z
    .object({
      versions: z
        .array(versionSchema)
        .readonly()
        .describe(`The newest first: ${KEPT_VERSIONS} of them, and the active one.`),
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
