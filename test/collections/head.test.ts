import { describe, expect, it } from 'vitest';
import { answerOf, type Head, headBytes, softmaxInPlace } from '../../src/collections/head.ts';
import { decodeHead, encodeHead } from '../../src/collections/head-bytes.ts';
import { reportOf } from '../../src/collections/head-report.ts';
import { type Examples, trainHead } from '../../src/collections/head-training.ts';
import { temperatureOf } from '../../src/collections/temperature.ts';
import { cosine, DIMENSIONS, product, unitVector, vectorAt } from '../../src/collections/vectors.ts';
import { examplesOf, normals, randoms } from './examples.ts';

const EXAMPLES = examplesOf([12, 9, 14], 2.5);
const HEAD = trainHead(EXAMPLES);

function shuffled({ ids, labels, vectors }: Examples): Examples {
  const random = randoms(7);
  const order = [...ids.keys()].map((i) => ({ i, key: random() })).sort((one, other) => one.key - other.key);
  const mixed = new Int8Array(vectors.length);
  for (const [to, { i }] of order.entries()) mixed.set(vectorAt(vectors, i), to * DIMENSIONS);
  return {
    ids: order.map(({ i }) => ids[i] ?? ''),
    labels: order.map(({ i }) => labels[i] ?? ''),
    vectors: mixed,
  };
}

describe('trainHead', () => {
  it('is the same to the bit in whatever order examples come', () => {
    expect(encodeHead(trainHead(shuffled(EXAMPLES)))).toEqual(encodeHead(HEAD));
  });

  it('names new pictures of its classes', () => {
    // Of the same classes: further examples from the same generator.
    const { vectors, labels } = examplesOf([40, 40, 40], 2.5);
    const taught = [...labels.keys()].filter((i) => i % 40 < 10);
    const head = trainHead({
      ids: taught.map(String),
      labels: taught.map((i) => labels[i] ?? ''),
      vectors: Int8Array.from(taught.flatMap((i) => [...vectorAt(vectors, i)])),
    });
    const others = [...labels.keys()].filter((i) => i % 40 >= 10);
    const right = others.filter((i) => {
      const { probabilities } = answerOf(head, vectorAt(vectors, i));
      return head.labels[probabilities.indexOf(Math.max(...probabilities))] === labels[i];
    });
    expect(right.length / others.length).toBeGreaterThan(0.95);
  });

  it('gives one label to every picture where there is but one', () => {
    const head = trainHead(examplesOf([3], 1));
    const answer = answerOf(head, Float32Array.from({ length: DIMENSIONS }, normals(99)));
    expect([...answer.probabilities]).toEqual([1]);
    expect(answer.unknown).toBe(true);
    expect(reportOf(head)).toEqual({ labels: [{ label: 'a', count: 3 }], confused: [] });
  });

  it('takes a single example', () => {
    const head = trainHead(examplesOf([1], 1));
    expect(answerOf(head, head.vectors)).toMatchObject({
      unknown: false,
      nearest: [{ id: 'a-00000', label: 'a' }],
    });
  });

  it('has no threshold of its own where no class has two examples', () => {
    const head = trainHead(examplesOf([1, 1, 1], 1));
    expect(head.threshold).toBe(trainHead(examplesOf([1], 1, 5)).threshold);
    expect(head.threshold).not.toBe(HEAD.threshold);
  });
});

describe('unknown', () => {
  it('has a threshold that one in twenty examples would miss, each against the others of its class', () => {
    const cosines = [...HEAD.classes].map((label, i) => {
      const others = new Float64Array(DIMENSIONS);
      for (const [j, other] of HEAD.classes.entries()) {
        if (j === i || other !== label) continue;
        for (const [d, value] of unitVector(vectorAt(HEAD.vectors, j)).entries())
          others[d] = (others[d] ?? 0) + value;
      }
      return product(unitVector(vectorAt(HEAD.vectors, i)), unitVector(others));
    });
    const missed = cosines.filter((one) => one < HEAD.threshold).length;
    expect(missed).toBe(2);
    expect(cosines.length).toBe(35);
  });

  it('is not said of a copy where examples are all but the same, as frames of a burst are', () => {
    const head = trainHead(examplesOf([10, 10], 0.02));
    const normal = normals(41);
    const copy = Float32Array.from(vectorAt(head.vectors, 3), (value) => value + 20 * normal());
    expect(answerOf(head, copy)).toMatchObject({ unknown: false });
    expect(answerOf(head, copy).similarity).toBeLessThan(0.95);
  });

  it('is said of a picture that has nothing to do with any class, though a class is likeliest', () => {
    const stranger = Float32Array.from({ length: DIMENSIONS }, normals(99));
    const { unknown, similarity, probabilities } = answerOf(HEAD, stranger);
    expect(unknown).toBe(true);
    expect(Math.abs(similarity)).toBeLessThan(0.2);
    expect(probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
  });
});

describe('temperature', () => {
  /** Scores, and classes drawn from their softmax at a temperature. */
  function drawn(count: number, temperature: number) {
    const random = randoms(31);
    const scores = Float32Array.from({ length: 3 * count }, random);
    const classes = Uint16Array.from({ length: count }, (_, i) => {
      const row = scores.slice(3 * i, 3 * i + 3).map((score) => score / temperature);
      const [first = 0, second = 0] = softmaxInPlace(row);
      const at = random();
      return at < first ? 0 : at < first + second ? 1 : 2;
    });
    return temperatureOf(scores, classes, [count, count, count]);
  }

  it('is the one that the classes were drawn with, where there are many examples', () => {
    for (const temperature of [0.05, 0.2]) {
      expect(drawn(4000, temperature) / temperature).toBeGreaterThan(0.85);
      expect(drawn(4000, temperature) / temperature).toBeLessThan(1.15);
    }
  });

  it('is near the usual one where there are few', () => {
    expect(drawn(4, 0.3)).toBeLessThan(0.1);
    expect(drawn(4, 0.3)).toBeGreaterThan(0.06);
  });

  it('is the usual one where nothing can be left out', () => {
    expect(trainHead(examplesOf([1, 1], 1)).temperature).toBeCloseTo(0.08, 10);
  });
});

describe('nearest', () => {
  it('lists the examples by their cosine, the picture itself first', () => {
    const asked = vectorAt(HEAD.vectors, 17);
    const { nearest } = answerOf(HEAD, asked, 4);
    const all = HEAD.ids
      .map((id, i) => ({ id, similarity: cosine(unitVector(asked), vectorAt(HEAD.vectors, i)) }))
      .sort((one, other) => other.similarity - one.similarity);
    expect(nearest.map(({ id }) => id)).toEqual(all.slice(0, 4).map(({ id }) => id));
    expect(nearest[0]).toMatchObject({ id: HEAD.ids[17], label: 'b' });
    expect(nearest[0]?.similarity).toBeCloseTo(1, 5);
  });
});

describe('reportOf', () => {
  /** Two examples of `a` and one of `b` that the head would misclassify. */
  const leftOut = HEAD.classes.map((label, i) => (i === 0 || i === 3 ? 2 : i === 12 ? 0 : label));
  const report = reportOf({ ...HEAD, leftOut });

  it('has the accuracy of each label and of all', () => {
    expect(report.labels).toEqual([
      { label: 'a', count: 12, accuracy: 0.8333 },
      { label: 'b', count: 9, accuracy: 0.8889 },
      { label: 'c', count: 14, accuracy: 1 },
    ]);
    expect(report.accuracy).toEqual({ value: 0.9143, examples: 35 });
  });

  it('has the pairs that are confused, the most frequent first, with their ids', () => {
    expect(report.confused).toEqual([
      { label: 'a', taken_for: 'c', count: 2, ids: [HEAD.ids[0], HEAD.ids[3]] },
      { label: 'b', taken_for: 'a', count: 1, ids: [HEAD.ids[12]] },
    ]);
  });

  it('has no accuracy where a label has fewer than five examples', () => {
    const few = reportOf(trainHead(examplesOf([6, 4], 2)));
    expect(few.accuracy).toBeUndefined();
    expect(few.labels[0]?.accuracy).toBeDefined();
    expect(few.labels[1]).toEqual({ label: 'b', count: 4 });
  });
});

describe('a head as bytes', () => {
  const strange: Head = trainHead({ ...EXAMPLES, ids: EXAMPLES.ids.map((id) => `${id} ü 🙂`) });
  const bytes = encodeHead(strange);

  it('comes back as it was', () => {
    expect(decodeHead(bytes.buffer.slice(0))).toEqual(strange);
  });

  it('is not taken where it is of another form, is not whole, or is longer', () => {
    const other = bytes.slice();
    other[7] = 0x32;
    expect(decodeHead(other.buffer)).toBeUndefined();
    expect(decodeHead(bytes.buffer.slice(0, bytes.length - 1))).toBeUndefined();
    expect(decodeHead(bytes.buffer.slice(0, 40))).toBeUndefined();
    expect(decodeHead(new ArrayBuffer(0))).toBeUndefined();
    const longer = new Uint8Array(bytes.length + 4);
    longer.set(bytes);
    expect(decodeHead(longer.buffer)).toBeUndefined();
  });

  it('takes no more than it says, and an eighth of a megabyte for 35 examples of three labels', () => {
    expect(bytes.length).toBeLessThan(headBytes(strange));
    expect(headBytes(strange)).toBeLessThan(2 ** 17);
  });
});
