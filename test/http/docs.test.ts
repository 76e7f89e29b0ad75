import { describe, expect, it } from 'vitest';
import headersOfFiles from '../../public/_headers?raw';
import { FAILURE_CODES, FAILURE_EXAMPLES } from '../../src/failure-examples.ts';
import { describe as describeFailure } from '../../src/problem.ts';
import { post, service } from '../service.ts';

const app = service();
const response = await app.request('/docs');
const page = await response.text();

describe('the reference page', () => {
  it.each(FAILURE_CODES)('explains %s where its problems point', (code) => {
    const entry = page.split(`<div id="${code}">`)[1]?.split('</div>')[0] ?? '';
    const { status, title } = describeFailure(FAILURE_EXAMPLES[code]);
    expect(entry).toContain(code);
    expect(entry).toContain(`${status} ${title}`);
    expect(entry).toMatch(/<dd>.{20,}<\/dd>/);
  });

  it('is where the type of a live problem points', async () => {
    const problem = await app.request('/v1/classify', post('hello'));
    const { type } = await problem.json<{ type: string }>();
    const [path, anchor] = type.split('#');
    expect(path).toBe('/docs');
    expect(page).toContain(`id="${anchor}"`);
  });

  it('lets nothing run or load but its own files', () => {
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/unsafe|http|\*/);
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address ?? '');
    expect(addresses.filter((address) => !/^(?:\/(?!\/)|#|data:)/.test(address))).toEqual([]);
  });

  it('has the headers that pages in files have, and those no others', () => {
    const [ofAll = ''] = headersOfFiles.split('\n/client.js\n');
    const ofFiles = [...ofAll.matchAll(/^ {2}([\w-]+): (.+)$/gm)].map(([, name = '', value]) => [
      name.toLowerCase(),
      value,
    ]);
    // The platform itself sets the tags and the freshness of files.
    const own = new Set(['content-type', 'x-request-id', 'cache-control', 'etag']);
    expect(ofFiles).toEqual([...response.headers].filter(([name]) => !own.has(name)));
  });

  it('asks nothing of the hosts beside it', () => {
    expect(response.headers.has('strict-transport-security')).toBe(false);
  });
});
