/** The parser of forms, for any chunking of the body, and its errors. */
import { describe, expect, it } from 'vitest';
import { multipartBoundary, parts } from '../../src/input/multipart.ts';
import { bytesOf } from './requests.ts';

const LIMITS = { maxPartBytes: 100, maxParts: 3 };

async function read(body: Uint8Array, size: number, limits = LIMITS) {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < body.length; at += size) controller.enqueue(body.subarray(at, at + size));
      controller.close();
    },
  });
  const found: unknown[] = [];
  for await (const part of parts(stream, 'B', limits)) {
    found.push(part.ok ? [part.value.name, new TextDecoder().decode(part.value.bytes)] : part.failure.code);
  }
  return found;
}

const NAMED = 'Content-Disposition: form-data; name="a"\r\n\r\n';

describe('a form', () => {
  const form = bytesOf(
    'before\r\n\r\n--B \r\n',
    NAMED,
    'one\r\n--\r\n--A\r\r\n-\r\n--B\r\n\r\ntwo\r\n--B\r\n',
    NAMED,
    '\r\n--B--\r\nafter\r\n--B\r\n',
  );

  it.each([1, 2, 3, 5, 7, 11, 64, 10_000])('is read in pieces of %d bytes', async (size) => {
    expect(await read(form, size)).toEqual([
      ['a', 'one\r\n--\r\n--A\r\r\n-'],
      [undefined, 'two'],
      ['a', ''],
    ]);
  });

  it.each([
    ['', ['multipart_invalid']],
    ['no form', ['multipart_invalid']],
    ['--B', ['multipart_invalid']],
    ['--B-', ['multipart_invalid']],
    ['--B--', []],
    ['--B\r\n', ['multipart_invalid']],
    [`--B\r\n${NAMED}one`, ['multipart_invalid']],
    [`--B\r\n${NAMED}one\r\n--B`, [['a', 'one'], 'multipart_invalid']],
    [`--Bc\r\n${NAMED}one\r\n--B--`, ['multipart_invalid']],
    [`--B\n\n${NAMED}one\r\n--B--`, ['multipart_invalid']],
    [`--B\r\nno header at all\r\n--B--`, ['multipart_invalid']],
    [`--B\r\nx: ${'x'.repeat(9000)}\r\n\r\none\r\n--B--`, ['multipart_invalid']],
    [`--B\r\n${'x'.repeat(9000)}`, ['multipart_invalid']],
    [`--B\r\n${NAMED}${'x'.repeat(101)}\r\n--B--`, ['body_too_large']],
    [`${`--B\r\n${NAMED}\r\n`.repeat(4)}--B--`, [...Array(3).fill(['a', '']), 'batch_too_many_items']],
  ])('that is %j gives %j', async (body, found) => {
    for (const size of [1, 7, 10_000]) expect(await read(bytesOf(body), size)).toEqual(found);
  });
});

describe('the boundary', () => {
  it.each([
    ['multipart/form-data; boundary=B', 'B'],
    ['Multipart/Form-Data;charset=utf-8;Boundary="a b"', 'a b'],
    [' multipart/form-data ; boundary = B; x', 'B'],
    ['multipart/form-data', undefined],
    ['multipart/mixed; boundary=B', undefined],
    ['text/plain; x=multipart/form-data; boundary=B', undefined],
  ])('of %j is %j', (type, boundary) => {
    expect(multipartBoundary(type)).toBe(boundary);
  });
});
