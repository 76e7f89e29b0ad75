/** Checks every example of the document: requests are sent as they are, answers validated against their schema. */
import { env } from 'cloudflare:workers';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/http/openapi/document.ts';
import { post, service } from '../service.ts';

const app = service({ ALLOW_ANONYMOUS_TEACHING: 'true', ALLOW_ANONYMOUS_JOBS: 'true' });
await app.request('/v1/collections/parts', { method: 'PUT' });
const document = openApiDocument();

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly example?: unknown;
}

/** Each operation that takes JSON, with its path filled in from the examples of its parameters. */
const REQUESTS = Object.entries(document.paths ?? {}).flatMap(([path, { post: operation }]) => {
  const body = operation?.requestBody;
  if (operation === undefined || body === undefined || !('content' in body)) return [];
  const media = body.content['application/json'];
  // The document is generated from our own schemas, in which no parameter is a reference.
  const parameters = (operation.parameters ?? []) as unknown as readonly Parameter[];
  const filled = parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((all, { name, example }) => all.replace(`{${name}}`, `${example}`), path);
  return media === undefined || !('example' in media) ? [] : [[filled, media.example as unknown] as const];
});

describe('a request that the document shows', () => {
  it('is there for every operation with JSON', () => {
    const withJson = Object.entries(document.paths ?? {}).filter(
      ([path, { post: operation }]) =>
        // A head has eight kilobytes of numbers per label, too long for an example.
        !path.endsWith('/import') &&
        JSON.stringify(operation?.requestBody ?? {}).includes('"application/json"'),
    );
    expect(withJson.length).toBeGreaterThan(8);
    expect(REQUESTS.length).toBe(withJson.length);
  });

  it.each(REQUESTS)('%s is answered', async (path, example) => {
    // The collection that the example of a job names.
    await env.JOBS_BUCKET?.put('2024/photo.jpg', '');
    const response = await app.request(path, post(JSON.stringify(example)), env);
    const text = await response.text();
    expect(response.ok, text).toBe(true);
    // Logits and vectors have no names, a job has only begun, and an index lists models.
    if (!/:predict$|embed|jobs$|\/search$|\/index$/.test(path)) expect(text).toContain('digital clock');
  });
});

describe('an answer that the document shows', () => {
  const schemas = Object.entries(document.components?.schemas ?? {}) as [string, { examples?: unknown[] }][];
  const shown = schemas.flatMap(([name, { examples = [] }]) =>
    examples.map((example) => [name, example] as const),
  );
  const problems = Object.values(document.components?.examples ?? {}).map(
    (example) => ['Problem', 'value' in example ? example.value : undefined] as const,
  );

  it.each([...shown, ...problems])('%s %j fits its schema', (name, example) => {
    const schema = { $ref: `#/components/schemas/${name}`, components: document.components };
    const { valid, errors } = new Validator(JSON.parse(JSON.stringify(schema)), '2020-12').validate(example);
    expect(valid, JSON.stringify(errors)).toBe(true);
  });

  it('is there', () => {
    expect(shown.length).toBeGreaterThan(1);
    expect(problems.length).toBeGreaterThan(30);
  });
});
