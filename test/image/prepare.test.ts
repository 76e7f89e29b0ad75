/** Each way is tried once, in turn, until one succeeds. */
import { describe, expect, it } from 'vitest';
import type { Decoder } from '../../src/image/decode.ts';
import { planFor, prepare } from '../../src/image/prepare.ts';
import type { Way } from '../../src/image/ways/way.ts';
import { provided } from '../pictures/provided.ts';
import { decoder } from '../service.ts';

/** The real decoders, of which these fail; and the ones that were tried. */
function without(...failing: readonly Way['decoder'][]): { decoder: Decoder; tried: Way['decoder'][] } {
  const tried: Way['decoder'][] = [];
  const decode: Decoder['decode'] = async (bytes, header, way, use) => {
    tried.push(way.decoder);
    return failing.includes(way.decoder) ? { ok: false } : decoder.decode(bytes, header, way, use);
  };
  return { decoder: { ...decoder, decode }, tried };
}

async function prepared(name: string, by: Decoder) {
  const plan = planFor(provided(name));
  if (!plan.ok) throw new Error(plan.failure.code);
  return prepare(plan.value, by);
}

describe('a way that fails', () => {
  it.each([
    ['crossword.jpeg-420', ['planes', 'magick']],
    ['crossword.png-rgb8', ['photon', 'magick', 'rows']],
    ['8mp.webp-lossy', ['rows']],
  ] as const)('is followed by the next, and the last by a refusal: %s', async (name, ways) => {
    const [first] = ways;
    const all = without(...ways);
    expect(await prepared(name, all.decoder)).toMatchObject({ failure: { code: 'image_unreadable' } });
    expect(all.tried.slice(0, ways.length)).toEqual(ways);
    expect(new Set(all.tried).size).toBe(all.tried.length);
    if (ways.length === 1) return;
    const one = without(first);
    expect(await prepared(name, one.decoder)).toMatchObject({ value: { decoder: ways[1] } });
    expect(one.tried).toEqual(ways.slice(0, 2));
  });

  it('is not looked for where the first succeeds', async () => {
    const { decoder: by, tried } = without();
    expect(await prepared('crossword.jpeg-420', by)).toMatchObject({ ok: true });
    expect(tried).toEqual(['planes']);
  });
});
