/** Hard sigmoid and the product of two spans, which ONNX Runtime calls through objects of C++. */
import { assertClose } from './closeness.ts';
import type { Draw, Kind } from './drawn.ts';
import type { Machine } from './machine.ts';

const MOST_FLOATS = 100;
/** Words of the objects that are read. */
const [FUNCTOR_WORDS, HELPER_WORDS, INPUTS_WORDS] = [6, 12, 50];

export function gate(machine: Machine, { whole, floats, fraction }: Draw, kind: Kind): void {
  machine.clear();
  const [before, count, after] = [whole(0, 9), whole(1, MOST_FLOATS), whole(0, 9)];
  // Around the middle, so that some are cut off on either side.
  const values = floats(kind, before + count + after).map((value) => 8 * value);
  const [alpha, beta] = [fraction(), fraction()];
  const run = (call: (...numbers: number[]) => void) => {
    const output = machine.put(values);
    const functor = new Int32Array(FUNCTOR_WORDS);
    functor.set([machine.put(values), output], 2);
    new Float32Array(functor.buffer).set([alpha, beta], 4);
    call(
      machine.put(functor),
      machine.put(Int32Array.of(before)),
      machine.put(Int32Array.of(before + count)),
    );
    return machine.floats(output, values.length).slice();
  };
  const magnitudes = values.map((value) => Math.abs(alpha * value) + beta);
  const { theirs, ours } = machine.hardSigmoid;
  assertClose(run(ours), run(theirs), magnitudes, 1);
}

export function multiplySpans(machine: Machine, { whole, floats }: Draw, kind: Kind): void {
  machine.clear();
  const [count, room] = [whole(1, MOST_FLOATS), 10];
  const [one, other, to] = [
    floats(kind, count + 2 * room),
    floats(kind === 'extreme' ? kind : 'random', count + 2 * room),
    new Float32Array(count + room),
  ];
  const [begins, spans] = [
    [whole(0, room), whole(0, room)],
    [whole(0, room), whole(0, room), whole(0, room)],
  ] as const;
  const run = (call: (...numbers: number[]) => void) => {
    const output = machine.put(to);
    const inputs = new Int32Array(INPUTS_WORDS);
    inputs.set([machine.put(one), machine.put(other)], 5);
    [inputs[27], inputs[47]] = begins;
    const outputs = new Int32Array(8);
    outputs[3] = output;
    const helper = new Int32Array(HELPER_WORDS);
    helper.set([machine.put(inputs), machine.put(outputs)]);
    [helper[6], helper[8], helper[10]] = spans;
    helper[11] = count;
    call(machine.put(helper));
    return machine.floats(output, to.length).slice();
  };
  const { theirs, ours } = machine.spanProduct;
  const [expected, answer] = [run(theirs), run(ours)];
  assertClose(answer, expected, expected.map(Math.abs), 1);
}
