/**
 * The Worker, with the account of each answer, in units, in the header `x-units`; and further routes for measuring CPU
 * time:
 *
 * - `POST /cost/account`: what a picture would cost by its header, in units, way by way; or why it is refused.
 * - `POST /cost/decode?way=NAME&times=N`: the network's input of a picture, by one way only.
 * - `POST /cost/yardstick?times=N`: a JPEG decoded and resized by photon, which determines the unit.
 */
import { crop, PhotonImage, resize, SamplingFilter } from '@cf-wasm/photon';
import { type Classifier, createClassifier } from '../../src/classifier.ts';
import { createApp } from '../../src/http/app.ts';
import { createDecoder } from '../../src/image/decode.ts';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { createAllowance, type Share } from '../../src/image/ways/allowance.ts';
import { MAX_PICTURE_UNITS, requestUnits } from '../../src/image/ways/time.ts';
import type { Way } from '../../src/image/ways/way.ts';
import { createNetwork } from '../../src/inference/network.ts';
import { readSettings } from '../../src/settings.ts';

const SIDE = 224;
const SHORT_SIDE = 256;

// wrangler does not start an entry point that lacks a class with a binding.
export { Collection } from '../../src/collections/collection.ts';
export { JobDirectory } from '../../src/jobs/directory.ts';
export { Job } from '../../src/jobs/job.ts';

const decoder = createDecoder();
const network = createNetwork();
let app: ReturnType<typeof createApp> | undefined;
/** Units of all requests so far. */
let accounted = 0;

export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.startsWith('/cost/')) {
      app ??= createApp(readSettings(env), counted(createClassifier(decoder, network)));
      const before = accounted;
      const answer = await app.fetch(request, env, context);
      const response = new Response(answer.body, answer);
      response.headers.set('x-units', String(accounted - before));
      return response;
    }
    const bytes = new Uint8Array(await request.arrayBuffer());
    const times = Number(searchParams.get('times') ?? 1);
    if (pathname === '/cost/yardstick') {
      for (let i = 0; i < times; i++) yardstick(bytes);
      return new Response();
    }
    const plan = planFor(bytes);
    if (!plan.ok) return Response.json({ refused: plan.failure.code });
    if (pathname === '/cost/account') {
      const ways = plan.value.ways.map((way) => ({ name: nameOf(way), units: way.units }));
      return Response.json({ ways, units: plan.value.units });
    }
    const ways = plan.value.ways.filter((way) => nameOf(way) === searchParams.get('way'));
    if (ways.length === 0) return Response.json({ refused: 'no such way' });
    let failed = 0;
    for (let i = 0; i < times; i++) {
      if (!(await prepare({ ...plan.value, ways }, decoder)).ok) failed++;
    }
    return Response.json({ failed });
  },
};

/**
 * Records what each picture takes from its allowance; for one that its header refuses, the cost of reading that header.
 */
function counted(classifier: Classifier): Classifier {
  return {
    ...classifier,
    async see(bytes, given) {
      const share = given ?? createAllowance(MAX_PICTURE_UNITS).picture();
      let taken = 0;
      const counting: Share = {
        take(units) {
          const refused = share.take(units);
          if (refused === undefined) taken += units;
          return refused;
        },
      };
      const seen = await classifier.see(bytes, counting);
      accounted += taken || requestUnits(bytes.byteLength, 0);
      return seen;
    },
  };
}

function nameOf(way: Way): string {
  return way.decoder === 'inner' ? way.way.decoder : way.decoder;
}

/** As in the obvious composition of `bench/speed`. */
function yardstick(file: Uint8Array): void {
  const image = PhotonImage.new_from_byteslice(file);
  const scale = SHORT_SIDE / Math.min(image.get_width(), image.get_height());
  const [width = 0, height = 0] = [image.get_width(), image.get_height()].map((side) =>
    Math.round(side * scale),
  );
  const resized = resize(image, width, height, SamplingFilter.Triangle);
  const [left, top] = [(width - SIDE) >> 1, (height - SIDE) >> 1];
  const cropped = crop(resized, left, top, left + SIDE, top + SIDE);
  cropped.get_raw_pixels();
  for (const used of [image, resized, cropped]) used.free();
}
