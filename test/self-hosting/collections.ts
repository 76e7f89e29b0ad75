/** Collections, whose state must survive the process. */
import assert from 'node:assert/strict';
import { picture } from '../pictures/encode.ts';
import { BALLOON, DIGITAL_CLOCK, SPIDER_WEB } from '../pictures/scenes.ts';

const NAME = 'things';
const SIZE = { width: 320, height: 240 };
/** Names that are not classes of the network. */
const THINGS = {
  'the clock in the hall': DIGITAL_CLOCK,
  'the web in the barn': SPIDER_WEB,
  'a balloon': BALLOON,
};

async function sent(url: string, key: string, method: string, path: string, body: BodyInit): Promise<string> {
  const response = await fetch(url + path, { method, body, headers: { 'x-api-key': key } });
  const text = await response.text();
  assert.equal(Math.floor(response.status / 100), 2, text);
  return text;
}

/** Makes one and adds a picture of each. The key may teach. */
export async function teach(url: string, key: string): Promise<void> {
  await sent(url, key, 'PUT', `/v1/collections/${NAME}`, '{}');
  for (const [label, scene] of Object.entries(THINGS)) {
    const file = await picture(scene, 'png-rgb8', SIZE);
    const path = `/v1/collections/${NAME}/items?label=${encodeURIComponent(label)}`;
    await sent(url, key, 'POST', path, Uint8Array.from(file));
  }
}

/** Whether each is recognised in another file. */
export async function recognizes(url: string, key: string): Promise<void> {
  for (const [label, scene] of Object.entries(THINGS)) {
    const file = await picture(scene, 'jpeg-420', SIZE);
    const text = await sent(
      url,
      key,
      'POST',
      `/v1/classify?collection=${NAME}&top_k=1`,
      Uint8Array.from(file),
    );
    assert.ok(text.includes(label), text);
  }
}
