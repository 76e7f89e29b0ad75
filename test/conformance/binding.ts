/**
 * RPC over a real service binding: the Worker in examples/service-binding calls the classifier. `--url` is the
 * example's address; it runs next to the classifier.
 */
import assert from 'node:assert/strict';
import { report, target } from './report.ts';

const { url, image } = await target();

async function post(path: string, body: BodyInit): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}${path}`, { method: 'POST', body });
  return { status: response.status, text: (await response.text()).trim() };
}

function formOf(...files: readonly (Uint8Array<ArrayBuffer> | string)[]): FormData {
  const form = new FormData();
  for (const file of files) form.append('image', new Blob([file]), 'picture');
  return form;
}

await report({
  'classify takes a ReadableStream': async () => {
    const { status, text } = await post('/caption', image);
    assert.equal(status, 200);
    assert.match(text, /^This looks like: \w+/);
  },
  'a failure is a value whose code the caller switches on': async () => {
    assert.deepEqual(await post('/caption', 'hello'), { status: 415, text: 'That is not a picture.' });
  },
  'a failure brings its text and status': async () => {
    const { status, text } = await post('/caption', image.subarray(0, image.length / 2));
    assert.equal(status, 422);
    assert.match(text, /damaged/);
  },
  'batch takes ArrayBuffers and answers each, in order': async () => {
    const { text } = await post('/album', formOf(image, 'no picture', image));
    const [first, second, third] = JSON.parse(text);
    assert.equal(second, '(image_format_unsupported)');
    assert.equal(first, third);
    assert.match(first, /^\w/);
  },
  'embedBatch gives vectors of length 1, and says which picture has none': async () => {
    const { cosine } = JSON.parse((await post('/similarity', formOf(image, image))).text);
    assert.ok(Math.abs(cosine - 1) < 1e-5, `cosine ${cosine}`);
    const { status, text } = await post('/similarity', formOf(image, 'no picture'));
    assert.equal(status, 415);
    assert.match(text, /image_format_unsupported/);
  },
});
