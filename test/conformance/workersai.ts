/** npm `cloudflare`, unchanged except for its `baseURL`, against a running Worker. */
import assert from 'node:assert/strict';
import Cloudflare from 'cloudflare';
import { nativeLabel, report, target, thrownBy } from './report.ts';
import { teach } from './taught.ts';

const MODEL = 'mobilenet_v3_small_100_224';
const RESNET = '@cf/microsoft/resnet-50';

const aim = await target();
const { url, image } = aim;
const label = await nativeLabel(aim);
const taught = await teach(aim);

/** URLs that the client has requested, one for each attempt. */
const asked: string[] = [];

/** Answers that a Worker gives only under load; each replaces the answer of one attempt. */
const standIns: Response[] = [];

const client = new Cloudflare({
  apiToken: '0123456789',
  baseURL: `${url}/client/v4`,
  fetch: async (input, init) => {
    asked.push(input instanceof Request ? input.url : String(input));
    return standIns.shift() ?? fetch(input, init);
  },
});

function failed(status: number, code: number): Response {
  const body = { success: false, errors: [{ code, message: 'stand-in' }], result: null, messages: [] };
  return Response.json(body, { status, headers: { 'retry-after': '1' } });
}

/** The first label of an answer; the client's type covers the answers of all models. */
function firstLabel(answer: unknown): unknown {
  assert.ok(Array.isArray(answer), `the result is ${JSON.stringify(answer)}`);
  return answer[0]?.label;
}

function runNumbers(model: string, image: number[]) {
  asked.length = 0;
  return client.ai.run(model, { account_id: '0123456789abcdef', image });
}

function run(model: string, bytes: Uint8Array) {
  return runNumbers(model, [...bytes]);
}

/** The error that the client throws, and that it made as many attempts as it should. */
async function refusal(
  call: () => Promise<unknown>,
  attempts = 1,
): Promise<InstanceType<typeof Cloudflare.APIError>> {
  const error = await thrownBy(call);
  assert.ok(error instanceof Cloudflare.APIError, String(error));
  assert.equal(asked.length, attempts);
  return error;
}

await report({
  'runs our model on an array of bytes': async () => {
    const answer = await run(MODEL, image);
    assert.equal(firstLabel(answer), label);
    assert.equal(Object.keys(answer).length, 5);
  },
  "runs another model's name, whose slashes it encodes": async () => {
    assert.equal(firstLabel(await run(RESNET, image)), label);
    assert.match(asked[0] ?? '', /%2Fmicrosoft%2Fresnet-50$/);
  },
  'runs our model on the bytes themselves': async () => {
    const answer = await client.post(`/accounts/0123456789abcdef/ai/run/${MODEL}`, { body: image });
    assert.equal(firstLabel((answer as { result: unknown }).result), label);
  },
  'runs a collection, with and without its owner, and tells what is unknown': async () => {
    for (const model of [taught.name, `anonymous/${taught.name}`]) {
      const answer: unknown = await run(`@me/${model}`, image);
      assert.equal(firstLabel(answer), 'shown');
      assert.match(asked[0] ?? '', /@me%2F/);
      assert.ok(Array.isArray(answer) && answer.every((one) => one.unknown === false));
    }
    const strange: unknown = await run(`@me/${taught.strange}`, image);
    assert.ok(Array.isArray(strange) && strange.length === 2 && strange.every((one) => one.unknown === true));
  },
  'brings the text of a 409 for a collection without labels to the user, at the first attempt': async () => {
    const error = await refusal(() => run(`@me/${taught.untaught}`, image));
    assert.ok(error instanceof Cloudflare.ConflictError);
    assert.match(error.message, /No item of the collection has a label/);
  },
  'brings number and text of a 404 for a collection that is not there to the user': async () => {
    const error = await refusal(() => run('@me/none', image));
    assert.equal(error.errors[0]?.code, 3042);
    assert.match(error.message, /no model .*@me\/none.*@me\/NAME/);
  },
  'brings number and text of a 404 to the user, at the first attempt': async () => {
    const error = await refusal(() => run('@cf/meta/llama-3', image));
    assert.ok(error instanceof Cloudflare.NotFoundError);
    assert.equal(error.errors[0]?.code, 3042);
    assert.match(error.message, /no model .*@cf\/meta\/llama-3/);
  },
  'brings number and text of a 400 to the user, at the first attempt': async () => {
    const error = await refusal(() => runNumbers(MODEL, [256]));
    assert.ok(error instanceof Cloudflare.BadRequestError);
    assert.deepEqual(error.errors, [
      { code: 5004, message: '"image.0" must be a whole number from 0 to 255.' },
    ]);
  },
  'brings number and text of a 415 and a 422 to the user': async () => {
    const unread = await refusal(() => run(MODEL, new TextEncoder().encode('no picture')));
    assert.equal(unread.status, 415);
    assert.match(String(unread.errors[0]?.message), /not an image in a format that this service reads/);
    const broken = await refusal(() => run(MODEL, image.subarray(0, 300)));
    assert.ok(broken instanceof Cloudflare.UnprocessableEntityError);
    assert.match(String(broken.errors[0]?.message), /looks like/);
  },
  'brings the request id to the user': async () => {
    const error = await refusal(() => run('x', image));
    assert.match(error.headers?.get('x-request-id') ?? '', /^[\w-]{8,}$/);
  },
  'retries a 429 and a 500 (stood in for), and the Worker takes the third attempt': async () => {
    standIns.push(failed(429, 3040), failed(500, 3043));
    assert.equal(firstLabel(await run(MODEL, image)), label);
    assert.equal(asked.length, 3);
  },
  'gives up after the third 429 (stood in for) with its number': async () => {
    standIns.push(failed(429, 3040), failed(429, 3040), failed(429, 3040));
    const error = await refusal(() => run(MODEL, image), 3);
    assert.ok(error instanceof Cloudflare.RateLimitError);
    assert.equal(error.errors[0]?.code, 3040);
  },
});
