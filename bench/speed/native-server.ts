/**
 * The baseline in native code, over HTTP in Node: libvips decodes (JPEGs at reduced scale) and resizes, ONNX Runtime
 * runs the float32 network, each on one thread. The benchmark starts it and reads its port.
 */
import { createServer } from 'node:http';
import process from 'node:process';
import { buffer } from 'node:stream/consumers';
import * as ort from 'onnxruntime-node';
import sharp from 'sharp';
import { LOOPBACK } from '../../scripts/dev-server.mjs';

const SIDE = 224;
const SHORT_SIDE = 256;
const PLANE = SIDE * SIDE;

sharp.concurrency(1);
sharp.cache(false);
const [model = ''] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });

const server = createServer(async (request, response) => {
  if (request.method === 'GET') {
    response.end();
    return;
  }
  const rgb = await prepare(await buffer(request));
  const input = new Float32Array(3 * PLANE);
  for (let i = 0; i < PLANE; i++) {
    for (let channel = 0; channel < 3; channel++) {
      input[channel * PLANE + i] = (rgb[3 * i + channel] ?? 0) / 127.5 - 1;
    }
  }
  const { logits } = await session.run({ input: new ort.Tensor('float32', input, [1, 3, SIDE, SIDE]) });
  const values = Array.from(logits?.data as Float32Array).slice(1);
  const exponentials = values.map(Math.exp);
  const total = exponentials.reduce((sum, one) => sum + one, 0);
  const predictions = exponentials
    .map((one, index) => ({ index, score: one / total }))
    .sort((one, other) => other.score - one.score)
    .slice(0, 5);
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ predictions }));
});
server.listen(0, LOOPBACK, () => process.send?.(server.address()));

async function prepare(file: Buffer): Promise<Uint8Array> {
  const image = sharp(file);
  const { width, height } = await image.metadata();
  const scale = SHORT_SIDE / Math.min(width, height);
  const resized = { width: Math.round(width * scale), height: Math.round(height * scale) };
  return image
    .resize({ ...resized, fit: 'fill', kernel: 'linear' })
    .extract({
      left: (resized.width - SIDE) >> 1,
      top: (resized.height - SIDE) >> 1,
      width: SIDE,
      height: SIDE,
    })
    .flatten({ background: 'white' })
    .raw()
    .toBuffer();
}
