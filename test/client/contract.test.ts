/** The published types must equal the Worker's schemas. `tsc` checks it. */
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type * as published from '../../client/answers.ts';
import type * as collections from '../../client/collection-answers.ts';
import type { Limits, ModelCard } from '../../client/facts.ts';
import type { ClassifyOptions, EmbedOptions } from '../../client/options.ts';
import clientPackage from '../../client/package.json';
import type { DuplicatesQuery, SearchOptions, TeachOptions } from '../../client/rpc.ts';
import type * as transfer from '../../client/transfer-answers.ts';
import projectPackage from '../../package.json';
import type * as answer from '../../src/answer.ts';
import type { CollectionClassification } from '../../src/collection-answer.ts';
import type {
  duplicatesQuerySchema,
  searchOptionsSchema,
  teachOptionsSchema,
} from '../../src/collection-options.ts';
import type * as status from '../../src/collection-status.ts';
import type { FailureCode } from '../../src/failure.ts';
import type * as limits from '../../src/http/limits.ts';
import type * as card from '../../src/http/model-card.ts';
import type { BatchLine, EmbedBatchLine } from '../../src/http/routes/batch.ts';
import type { addSchema } from '../../src/http/routes/items.ts';
import type { ImageFacts } from '../../src/image/facts.ts';
import type { Label } from '../../src/inference/labels.ts';
import type { Group } from '../../src/inference/taxonomy.ts';
import type * as likeness from '../../src/likeness-answer.ts';
import type { classifyOptionsSchema, embedOptionsSchema } from '../../src/options.ts';
import type { ProblemDetails } from '../../src/problem-details.ts';
import type { ImportedHead } from '../../src/transfer/head-import.ts';
import type { ImportedItems } from '../../src/transfer/item-import.ts';
import type { ExportedHead, PortableHead } from '../../src/transfer/portable-head.ts';
import type { PortableItem } from '../../src/transfer/portable-item.ts';
import type { VersionList } from '../../src/transfer/version-answer.ts';

describe('the published package', () => {
  it('has the version of the service', () => {
    expect(clientPackage.version).toBe(projectPackage.version);
  });
});

describe('the published types', () => {
  it('are what is answered', () => {
    expectTypeOf<published.Label>().toEqualTypeOf<Label>();
    expectTypeOf<published.Group>().toEqualTypeOf<Group>();
    expectTypeOf<published.Tag>().toEqualTypeOf<answer.Tag>();
    expectTypeOf<published.ImageFacts>().toEqualTypeOf<ImageFacts>();
    expectTypeOf<published.Classification>().toEqualTypeOf<answer.Classification>();
    expectTypeOf<published.Embedding>().toEqualTypeOf<answer.Embedding>();
    expectTypeOf<published.ProblemCode>().toEqualTypeOf<FailureCode>();
    expectTypeOf<published.Problem>().toEqualTypeOf<ProblemDetails>();
    expectTypeOf<published.BatchLine>().toEqualTypeOf<BatchLine>();
    expectTypeOf<published.EmbedBatchLine>().toEqualTypeOf<EmbedBatchLine>();
    expectTypeOf<Limits>().toEqualTypeOf<limits.Limits>();
    expectTypeOf<ModelCard>().toEqualTypeOf<card.ModelCard>();
  });

  it('are what is answered about collections', () => {
    expectTypeOf<collections.CollectionClassification>().toEqualTypeOf<CollectionClassification>();
    expectTypeOf<collections.CollectionSummary>().toEqualTypeOf<status.CollectionSummary>();
    expectTypeOf<collections.CollectionStatus>().toEqualTypeOf<status.CollectionStatus>();
    expectTypeOf<collections.Item>().toEqualTypeOf<status.ItemFacts>();
    expectTypeOf<collections.ItemList>().toEqualTypeOf<status.ItemList>();
    expectTypeOf<collections.AddedItem>().toEqualTypeOf<status.AddedItem>();
    expectTypeOf<collections.AddedItems>().toEqualTypeOf<z.infer<typeof addSchema>>();
    expectTypeOf<collections.ChangedItem>().toEqualTypeOf<z.infer<typeof status.changedSchema>>();
    expectTypeOf<collections.Matches>().toEqualTypeOf<likeness.Matches>();
    expectTypeOf<collections.Duplicates>().toEqualTypeOf<likeness.Duplicates>();
    expectTypeOf<keyof DuplicatesQuery>().toEqualTypeOf<keyof z.input<typeof duplicatesQuerySchema>>();
    expectTypeOf<collections.RemovedItems>().toEqualTypeOf<status.RemovedItems>();
  });

  it('are what leaves collections, what comes in, and their versions', () => {
    expectTypeOf<transfer.ExportedItem>().toEqualTypeOf<PortableItem>();
    expectTypeOf<transfer.ImportedItems>().toEqualTypeOf<ImportedItems>();
    expectTypeOf<transfer.ImportedHead>().toEqualTypeOf<ImportedHead>();
    expectTypeOf<transfer.Versions>().toEqualTypeOf<VersionList>();
    // The input may have members that are not ours.
    expectTypeOf<ExportedHead>().toExtend<transfer.ExportedHead>();
    expectTypeOf<PortableHead>().toExtend<transfer.PortableHead>();
  });

  it('have every option, and no other', () => {
    expectTypeOf<keyof ClassifyOptions>().toEqualTypeOf<keyof z.input<typeof classifyOptionsSchema>>();
    expectTypeOf<keyof SearchOptions>().toEqualTypeOf<keyof z.input<typeof searchOptionsSchema>>();
    expectTypeOf<keyof TeachOptions>().toEqualTypeOf<keyof z.input<typeof teachOptionsSchema>>();
    expectTypeOf<keyof EmbedOptions>().toEqualTypeOf<keyof z.input<typeof embedOptionsSchema>>();
  });
});
