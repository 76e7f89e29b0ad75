/** `POST …/infer`: reads the request, runs its instances one at a time, and answers with the outputs. */
import type { Context } from 'hono';
import type { Classifier } from '../../../classifier.ts';
import { type Failure, ok, type Result } from '../../../failure.ts';
import type { NetworkOutput } from '../../../inference/network.ts';
import { PUBLIC_INPUT_FLOATS, toGraphInput } from '../../../inference/tensor.ts';
import { decodeBase64 } from '../../../input/base64.ts';
import { describe } from '../../../problem.ts';
import { problemDetails } from '../../../problem-details.ts';
import type { AppEnv } from '../../env.ts';
import { problemResponse } from '../../problem.ts';
import type { Services } from '../../services.ts';
import { findModel } from './models.ts';
import { inferResponse } from './outputs.ts';
import { readInferRequest } from './request.ts';
import { type InputTensor, invalid, readFloats, readPictures } from './tensors.ts';

/** The failure that ended a run, and its element if there are several. */
interface Stopped {
  readonly ok: false;
  readonly failure: Failure;
  readonly element?: string;
}

type Run = Result<NetworkOutput[]> | Stopped;

export async function infer(c: Context<AppEnv>, services: Services): Promise<Response> {
  const { classifier, limits } = c.get('work');
  const model = await findModel(c, services);
  if (!model.ok) return problemResponse(c, model.failure);
  const request = await readInferRequest(c.req.raw, model.value, limits);
  if (!request.ok) return problemResponse(c, request.failure);
  const { input } = request.value;
  const run =
    input.tensor.datatype === 'FP32'
      ? await runFloats(classifier, input)
      : await runPictures(classifier, input);
  return run.ok
    ? inferResponse(c, model.value, request.value, run.value.map(model.value.rows))
    : stoppedResponse(c, run);
}

async function runFloats(classifier: Classifier, input: InputTensor): Promise<Run> {
  const floats = readFloats(input);
  if (!floats.ok) return floats;
  const outputs: NetworkOutput[] = [];
  for (let at = 0; at < floats.value.length; at += PUBLIC_INPUT_FLOATS) {
    const output = await classifier.infer(toGraphInput(floats.value, at));
    // JSON has no NaN, and numbers so far outside [0, 1] are not a picture.
    if (!output.logits.every(Number.isFinite) || !output.embedding.every(Number.isFinite)) {
      return invalid(input.tensor.name, 'holds numbers that overflow the network: RGB goes from 0 to 1');
    }
    outputs.push(output);
  }
  return ok(outputs);
}

async function runPictures(classifier: Classifier, input: InputTensor): Promise<Run> {
  const pictures = readPictures(input);
  if (!pictures.ok) return pictures;
  const outputs: NetworkOutput[] = [];
  for (const [index, picture] of pictures.value.entries()) {
    const element = `${input.tensor.name}[${index}]`;
    const bytes = typeof picture === 'string' ? decodeBase64(picture, element) : ok(picture);
    if (!bytes.ok) return bytes;
    const seen = await classifier.see(bytes.value);
    if (!seen.ok) return pictures.value.length > 1 ? { ...seen, element } : seen;
    outputs.push({ logits: seen.value.logits, embedding: seen.value.embedding });
  }
  return ok(outputs);
}

/** The protocol has one error per request, so the text names the element that it concerns. */
function stoppedResponse(c: Context<AppEnv>, { failure, element }: Stopped): Response {
  if (element === undefined) return problemResponse(c, failure);
  c.get('record').code = failure.code;
  const problem = problemDetails(failure, c.get('requestId'));
  const detail = `${element}: ${problem.detail}`;
  const { status, headers } = describe(failure);
  return c.body(JSON.stringify({ ...problem, detail, error: detail }), status, {
    'content-type': 'application/problem+json',
    ...headers,
  });
}
