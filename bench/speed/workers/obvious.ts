/**
 * The baseline that one would write first: photon decodes and resizes, a loop makes the tensor, and the float32 network
 * runs in onnxruntime-web with its default options. Nothing is validated, bounded or measured.
 *
 * onnxruntime-web does not start in a Worker on its own; `bench/onnxruntime-web.ts` starts it, which does not affect
 * its speed.
 */

// The first import must be the one above: it records the memory that photon creates when it is imported.
import { crop, PhotonImage, resize, SamplingFilter } from '@cf-wasm/photon';
import graph from '../../../build/peers/float.onnx';
import labels from '../../../model/labels.json';
import { createSession, floatTensor, type OrtSession } from '../../onnxruntime-web.ts';
import { wasmBytes } from '../memories.ts';

const SIDE = 224;
const SHORT_SIDE = 256;

let session: Promise<OrtSession> | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method === 'GET') return Response.json({ wasmBytes: wasmBytes() });
    const input = prepare(new Uint8Array(await request.arrayBuffer()));
    session ??= createSession(new Uint8Array(graph), {});
    const { logits } = await (await session).run({ input: floatTensor(input, [1, 3, SIDE, SIDE]) });
    return Response.json({ predictions: best(logits?.data as Float32Array) });
  },
};

function prepare(file: Uint8Array): Float32Array {
  const image = PhotonImage.new_from_byteslice(file);
  const scale = SHORT_SIDE / Math.min(image.get_width(), image.get_height());
  const [width, height] = [image.get_width(), image.get_height()].map((side) => Math.round(side * scale));
  const resized = resize(image, width ?? 0, height ?? 0, SamplingFilter.Triangle);
  const left = ((width ?? 0) - SIDE) >> 1;
  const top = ((height ?? 0) - SIDE) >> 1;
  const cropped = crop(resized, left, top, left + SIDE, top + SIDE);
  const rgba = cropped.get_raw_pixels();
  for (const used of [image, resized, cropped]) used.free();

  const input = new Float32Array(3 * SIDE * SIDE);
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      input[channel * SIDE * SIDE + pixel] = (rgba[pixel * 4 + channel] ?? 0) / 127.5 - 1;
    }
  }
  return input;
}

function best(logits: Float32Array) {
  const exponentials = logits.map(Math.exp);
  const total = exponentials.reduce((sum, one) => sum + one, 0);
  return Array.from(exponentials.subarray(1), (one, index) => ({ score: one / total, ...labels[index] }))
    .sort((one, other) => other.score - one.score)
    .slice(0, 5);
}
