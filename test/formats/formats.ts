/**
 * Sends HEIC and AVIF files written by other encoders to a running Worker.
 *
 * Each must be recognised as what it shows, with nearly the score of a PNG of the same picture, alike in all eight
 * orientations, and described correctly. `npm run formats` makes the Python that this needs.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Checks, report } from '../conformance/report.ts';
import { withWorker } from '../soak/worker.ts';
import { CASES, type Case } from './cases.ts';
import { encoded, reference } from './files.ts';

/** Tolerance of a score against the PNG's: encoders lose some detail, and a smaller copy has lost more. */
const MAX_LOST = { whole: 0.05, preview: 0.15 };
/** libheif makes a thumbnail of the nearest pixels, which differ between orientations. */
const MAX_BETWEEN_ORIENTATIONS = { whole: 0.02, preview: 0.05 };

interface Answer {
  readonly predictions?: readonly { readonly label: string; readonly score: number }[];
  readonly image?: unknown;
}

const { values } = parseArgs({ options: { python: { type: 'string' }, url: { type: 'string' } } });
const { python } = values;
if (python === undefined) throw new Error('usage: --python INTERPRETER [--url http://127.0.0.1:8787]');

const folder = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-formats-'));
try {
  const files = await encoded(CASES, python, folder);
  await withWorker(values.url, async (url) => report(checksAt(url, files)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function checksAt(url: string, files: readonly Uint8Array[]): Checks {
  /** Scores of orientation 1, by the properties that the others of its kind share. */
  const upright = new Map<string, number>();
  const entries = CASES.map((one, i): [string, () => Promise<void>] => {
    const file = files[i] ?? new Uint8Array();
    return [
      `${nameOf(one)}${one.orientation === undefined ? '' : `, orientation ${one.orientation}`}`,
      async () => {
        const [answer, expected] = [await ask(url, file), await ask(url, await reference(one))];
        const [first, best] = [answer.predictions?.[0], expected.predictions?.[0]];
        assert.deepEqual(answer.image, factsOf(one));
        assert.equal(best?.label, one.scene.label, 'the reference');
        assert.equal(first?.label, one.scene.label);
        const score = first?.score ?? Number.NaN;
        const kind = one.preview ? 'preview' : 'whole';
        const lost = Math.abs(score - (best?.score ?? Number.NaN));
        assert.ok(lost <= MAX_LOST[kind], `${score}, and ${best?.score} as PNG`);
        if (one.orientation === undefined) return;
        const other = upright.get(nameOf(one)) ?? score;
        upright.set(nameOf(one), other);
        const apart = Math.abs(score - other);
        assert.ok(apart <= MAX_BETWEEN_ORIENTATIONS[kind], `${score}, and ${other} in orientation 1`);
      },
    ];
  });
  return Object.fromEntries(entries);
}

function nameOf({ name, format, encoder, size }: Case): string {
  return `${format} of ${encoder}, ${size.width}×${size.height}: ${name}`;
}

function factsOf({ format, size, orientation = 1, animated, preview }: Case) {
  const facts = { format, ...size, orientation };
  return { ...facts, ...(animated ? { animated } : {}), ...(preview ? { preview } : {}) };
}

async function ask(url: string, file: Uint8Array): Promise<Answer> {
  const response = await fetch(`${url}/v1/classify?top_k=1`, { method: 'POST', body: Uint8Array.from(file) });
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text);
}
