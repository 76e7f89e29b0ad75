/** Collections for the clients: the picture that they send is `shown`, and no picture resembles `other`. */
import type { Target } from './report.ts';

export interface Taught {
  readonly name: string;
  /** The version of the model, as text. */
  readonly version: string;
  /** An earlier version of the model, which is kept. */
  readonly before: string;
  /** Another collection, of things that no picture resembles. */
  readonly strange: string;
  /** Another one, without labels. */
  readonly untaught: string;
}

export async function teach({ url, image }: Target): Promise<Taught> {
  const name = `clients-${crypto.randomUUID().slice(0, 8)}`;
  const shown = { image: Buffer.from(image).toString('base64'), label: 'shown' };
  const [strange, untaught] = [`${name}-strange`, `${name}-untaught`];
  await change(`${url}/v1/collections/${untaught}`, 'PUT');
  await taught(url, strange, [other(1, 'other'), other(2, 'another')]);
  const before = await taught(url, name, [shown, other(1, 'other')]);
  await change(`${url}/v1/collections/${name}/train`, 'POST');
  const version = await taught(url, name, [other(2, 'other')]);
  return { name, version: String(version), before: String(before), strange, untaught };
}

async function taught(url: string, name: string, items: readonly object[]): Promise<unknown> {
  await change(`${url}/v1/collections/${name}`, 'PUT');
  const added = await change(`${url}/v1/collections/${name}/items`, 'POST', { items });
  const { collection } = added as { collection?: { version?: number } };
  return collection?.version;
}

/** An embedding far from that of any picture: only one of its numbers is not 0. */
function other(at: number, label: string) {
  return { embedding: Array.from({ length: 1024 }, (_, index) => (index === at ? 1 : 0)), label };
}

async function change(url: string, method: string, body: object = {}): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${answer}`);
  return JSON.parse(answer);
}
