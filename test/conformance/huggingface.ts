/** `@huggingface/inference`, unchanged except for its `endpointUrl`, against a running Worker. */
import assert from 'node:assert/strict';
import { InferenceClient, InferenceClientProviderApiError } from '@huggingface/inference';
import { nativeLabel, report, target, thrownBy } from './report.ts';
import { teach } from './taught.ts';

const aim = await target();
const { url, image } = aim;
const label = await nativeLabel(aim);
const taught = await teach(aim);
const client = new InferenceClient('hf_0123456789');

/** The error that the client throws for a request that the Worker refuses. */
async function refusal(endpointUrl: string, data: Blob): Promise<InferenceClientProviderApiError> {
  const error = await thrownBy(() => client.imageClassification({ endpointUrl, data }));
  assert.ok(error instanceof InferenceClientProviderApiError, String(error));
  return error;
}

await report({
  'classifies a blob without a type': async () => {
    const answer = await client.imageClassification({ endpointUrl: `${url}/hf`, data: new Blob([image]) });
    assert.equal(answer.length, 5);
    assert.equal(answer[0]?.label, label);
    assert.ok(answer.every(({ score }) => score >= 0 && score <= 1));
  },
  'classifies a blob of a type': async () => {
    const data = new Blob([image], { type: 'image/jpeg' });
    const answer = await client.imageClassification({ endpointUrl: `${url}/hf`, data });
    assert.equal(answer[0]?.label, label);
  },
  'classifies an ArrayBuffer at an endpoint': async () => {
    const answer = await client.endpoint(`${url}/hf`).imageClassification({ data: image.buffer });
    assert.equal(answer[0]?.label, label);
  },
  'drops parameters, so top_k is taken from the query': async () => {
    const data = new Blob([image]);
    const parameters = { top_k: 2 };
    const dropped = await client.imageClassification({ endpointUrl: `${url}/hf`, data, parameters });
    assert.equal(dropped.length, 5);
    const queried = await client.imageClassification({ endpointUrl: `${url}/hf?top_k=2`, data });
    assert.equal(queried.length, 2);
  },
  "classifies at the model's path": async () => {
    const endpointUrl = `${url}/hf/models/google/mobilenet_v3_small_100_224`;
    const answer = await client.imageClassification({ endpointUrl, data: new Blob([image]) });
    assert.equal(answer[0]?.label, label);
  },
  "classifies by a collection's path, with and without its owner, and tells what is unknown": async () => {
    const data = new Blob([image]);
    for (const model of [taught.name, `anonymous/${taught.name}`, taught.strange]) {
      const endpointUrl = `${url}/hf/models/${model}`;
      const answer = await client.imageClassification({ endpointUrl, data });
      const strange = model === taught.strange;
      assert.deepEqual(
        answer.map((one) => one.label).toSorted(),
        [strange ? 'another' : 'shown', 'other'].toSorted(),
      );
      if (!strange) assert.equal(answer[0]?.label, 'shown');
      // Our own member, in addition to those that the client's types know.
      assert.deepEqual(
        answer.map((one) => Reflect.get(one, 'unknown')),
        [strange, strange],
      );
    }
  },
  'brings the text of a 409 for a collection without labels to the user': async () => {
    const error = await refusal(`${url}/hf/models/${taught.untaught}`, new Blob([image]));
    assert.equal(error.httpResponse.status, 409);
    assert.match(error.message, /No item of the collection has a label/);
  },
  'brings the text of a 415 and the request id to the user': async () => {
    const error = await refusal(`${url}/hf`, new Blob(['no picture']));
    assert.equal(error.httpResponse.status, 415);
    assert.match(error.message, /not an image in a format that this service reads/);
    assert.match(error.httpResponse.requestId, /^[\w-]{8,}$/);
  },
  'brings the text of a 422 to the user': async () => {
    const error = await refusal(`${url}/hf`, new Blob([image.subarray(0, 300)]));
    assert.equal(error.httpResponse.status, 422);
    assert.match(error.message, /looks like/);
  },
  'brings the text of a 404 for another model to the user': async () => {
    const error = await refusal(`${url}/hf/models/google/vit-base-patch16-224`, new Blob([image]));
    assert.equal(error.httpResponse.status, 404);
    assert.match(error.message, /no model "google\/vit-base-patch16-224"/);
  },
  'brings the text of a 400 for a wrong option to the user': async () => {
    const error = await refusal(`${url}/hf?top_k=0`, new Blob([image]));
    assert.equal(error.httpResponse.status, 400);
    assert.match(error.message, /top_k must be a whole number from 1 to 1000/);
  },
});
