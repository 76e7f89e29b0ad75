import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/http/openapi/document.ts';
import { post, service } from '../service.ts';

const app = service();
const document = openApiDocument();

/**
 * A route's path as the document writes it, `{}` for each parameter; in TF Serving's pattern one includes the method.
 */
function plainRoute(path: string): string {
  return path.replace(/:\w+(?:\{([^}]*)\})?/g, (_, pattern = '') => `{}${/:[a-z]+$/.exec(pattern) ?? ''}`);
}

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const response = await app.request('/openapi.json');
    expect(response.headers.get('content-type')).toContain('application/json');
    const verdict = await fetch('http://witness.test/openapi', post(await response.text()));
    expect(await verdict.json()).toEqual([]);
  });

  it('is what the source describes, made when the Worker was bundled', async () => {
    const answer = await app.request('https://classifier.example/openapi.json');
    const servers = [{ url: 'https://classifier.example' }];
    expect(await answer.json()).toEqual({ ...JSON.parse(JSON.stringify(document)), servers });
  });

  it('has every route, and no other', () => {
    const routes = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${plainRoute(path)}`);
    const documented = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, '{}')}`),
    );
    expect(documented.toSorted()).toEqual([...new Set(routes)].toSorted());
  });

  it('names the address under which it was asked for', async () => {
    for (const origin of ['https://photos.example', 'http://127.0.0.1:8787']) {
      const answer = await app.request(`${origin}/openapi.json`);
      expect(await answer.json()).toMatchObject({ servers: [{ url: origin }] });
    }
  });

  it('wants a key for what is posted, and for what is read of somebody’s own', () => {
    const wanting = (method: 'get' | 'post') =>
      Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
        item[method] === undefined
          ? []
          : [[path, (item[method].security ?? document.security ?? []).length > 0]],
      );
    expect(wanting('post').filter(([, wants]) => !wants)).toEqual([]);
    const models = ['/tf/v1/models/', '/v2/models/'];
    const read = wanting('get').filter(([path]) => !models.some((begin) => `${path}`.startsWith(begin)));
    // Where the model is the network, no key is needed.
    expect(wanting('get').filter(([path]) => !read.some(([other]) => other === path)).length).toBe(8);
    expect(read.filter(([, wants]) => wants)).toEqual([
      ['/v1/classify', true],
      ['/v1/collections', true],
      ['/v1/collections/{name}', true],
      ['/v1/collections/{name}/items', true],
      ['/v1/collections/{name}/duplicates', true],
      ['/v1/collections/{name}/items/{id}', true],
      ['/v1/collections/{name}/export', true],
      ['/v1/collections/{name}/versions', true],
      ['/v1/jobs', true],
      ['/v1/jobs/{id}', true],
      ['/v1/jobs/{id}/results', true],
    ]);
  });

  it('has no tuple whose end is not a schema', () => {
    expect(JSON.stringify(document)).not.toContain('"items":false');
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    const components = new Map<string, object>(Object.entries(document.components ?? {}));
    const missing = references.filter(([, kind = '', name = '']) => !(name in (components.get(kind) ?? {})));
    expect(missing.map(([reference]) => reference)).toEqual([]);
  });

  it('gives every operation a name of its own', () => {
    const names = Object.values(document.paths ?? {}).flatMap((item) =>
      [item.get, item.post, item.put, item.patch, item.delete].flatMap(
        (operation) => operation?.operationId ?? [],
      ),
    );
    expect(new Set(names).size).toBe(names.length);
  });
});
