/**
 * RPC over a real service binding: the example Worker in examples/service-binding calls the classifier.
 *
 *     node test/conformance/binding.ts --url http://127.0.0.1:PORT
 *
 * The address is that of the example, started with the classifier behind it.
 */
import { check, drawn, finish, urlArgument } from './checks.ts';

const url = urlArgument();
const web = await drawn('SPIDER_WEB');
const clock = await drawn('DIGITAL_CLOCK');

async function post(path: string, body: BodyInit): Promise<{ status: number; text: string }> {
  const response = await fetch(new URL(path, url), { method: 'POST', body });
  return { status: response.status, text: (await response.text()).trim() };
}

function formOf(...files: readonly (Uint8Array<ArrayBuffer> | string)[]): FormData {
  const form = new FormData();
  for (const file of files) form.append('image', new Blob([file]), 'picture');
  return form;
}

check('classify takes a ReadableStream', await post('/caption', web), {
  status: 200,
  text: 'This looks like: spider web',
});
check('a failure is a value to switch on', await post('/caption', 'hello'), {
  status: 415,
  text: 'That is not a picture.',
});
check('a broken picture brings status and text', await post('/caption', web.subarray(0, web.length / 2)), {
  status: 422,
});
check('batch answers each, in order', await post('/album', formOf(web, 'no picture', clock)), {
  status: 200,
  text: '["spider web","(image_format_unsupported)","digital clock"]',
});
const same = await post('/similarity', formOf(web, web));
check('embed takes an ArrayBuffer, normalized', Math.round(JSON.parse(same.text).cosine * 1e4) / 1e4, 1);

finish();
