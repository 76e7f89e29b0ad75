/** An ONNX file (protobuf) whose graph gives its one input back: for what a session costs that holds nothing. */

const FLOAT = 1;
const text = new TextEncoder();

export function identityGraph(): Uint8Array {
  const shape = field(1, number(1, 1));
  const type = field(1, [...number(1, FLOAT), ...field(2, shape)]);
  const value = (name: string) => [...string(1, name), ...field(2, type)];
  const node = [...string(1, 'x'), ...string(2, 'y'), ...string(4, 'Identity')];
  const graph = [
    ...field(1, node),
    ...string(2, 'identity'),
    ...field(11, value('x')),
    ...field(12, value('y')),
  ];
  const [irVersion, opset] = [8, 17];
  return Uint8Array.from([...number(1, irVersion), ...field(7, graph), ...field(8, number(2, opset))]);
}

/** Every number here is below 128. */
function number(id: number, value: number): number[] {
  return [id << 3, value];
}

function field(id: number, content: readonly number[]): number[] {
  return [(id << 3) | 2, content.length, ...content];
}

function string(id: number, value: string): number[] {
  return field(id, [...text.encode(value)]);
}
