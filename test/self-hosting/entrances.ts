/** Sends a picture to every route and protocol: each must name what it shows. */
import assert from 'node:assert/strict';
import type { Checks } from '../conformance/report.ts';

const MODEL = 'mobilenet_v3_small_100_224';
const ALIAS = '@cf/microsoft/resnet-50';

interface Question {
  readonly route: string;
  readonly body: BodyInit;
  readonly type?: string;
}

export function entranceChecks(
  url: string,
  key: string,
  file: Uint8Array<ArrayBuffer>,
  label: string,
): Checks {
  const base64 = Buffer.from(file).toString('base64');
  const json = (route: string, value: unknown): Question => ({
    route,
    body: JSON.stringify(value),
    type: 'application/json',
  });
  const form = new FormData();
  form.append('image', new Blob([file]));
  const questions: Readonly<Record<string, Question>> = {
    bytes: { route: '/v1/classify', body: file },
    'a form': { route: '/v1/classify', body: form },
    JSON: json('/v1/classify', { image: base64 }),
    'a batch': json('/v1/batch', { images: [base64] }),
    'Hugging Face': { route: '/hf', body: file },
    'Open Inference': json(`/v2/models/${MODEL}_image/infer`, {
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], data: [base64] }],
      outputs: [{ name: 'logits', parameters: { classification: 1 } }],
    }),
    'TensorFlow Serving': json(`/tf/v1/models/${MODEL}:classify`, { examples: [{ image: { b64: base64 } }] }),
    'Workers AI': { route: `/client/v4/accounts/any/ai/run/${ALIAS}`, body: file },
  };
  return Object.fromEntries(
    Object.entries(questions).map(([name, { route, body, type }]) => [
      `it names what is in a picture: ${name}`,
      async () => {
        const headers = { authorization: `Bearer ${key}`, ...(type && { 'content-type': type }) };
        const response = await fetch(url + route, { method: 'POST', body, headers });
        const text = await response.text();
        assert.equal(response.status, 200, text);
        assert.ok(text.includes(label), text);
      },
    ]),
  );
}
