/** What the service reports about itself. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from '../../client/client.ts';
import type { Checks } from '../conformance/report.ts';

const MODEL = path.resolve(import.meta.dirname, '..', '..', 'model');

export function serviceChecks(client: Client, url: string): Checks {
  return {
    'it is alive, and makes its session': async () => {
      const response = await fetch(`${url}/healthz?ready=1`);
      const { version, ...state }: { version?: string } = await response.json();
      assert.deepEqual([response.status, state], [200, { status: 'ok', ready: true }]);
      if (version !== undefined) console.log(`   it is version ${version}`);
    },
    'its model is the one of this checkout': async () => {
      const card: { name: string; version: string } = JSON.parse(
        await readFile(path.join(MODEL, 'card.json'), 'utf8'),
      );
      const { name, version } = await client.model();
      assert.deepEqual(
        [name, version],
        [card.name, card.version],
        'Deploy it anew, or check out what is deployed.',
      );
    },
    'it knows a thousand classes, each in a group': async () => {
      const groups = new Set((await client.groups()).map(({ id }) => id));
      const labels = await client.labels();
      assert.equal(labels.length, 1000);
      assert.ok(labels.every(({ group }) => groups.has(group)));
    },
    'the other protocols are ready': async () => {
      for (const route of ['/v2/health/ready', '/tf/v1/models/mobilenet_v3_small_100_224']) {
        assert.equal((await fetch(url + route)).status, 200, route);
      }
    },
  };
}
