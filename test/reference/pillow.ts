/** Pillow, in a Python process that stays while there are files to decode. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Reading, Reference } from './picture.ts';

const NEWLINE = 0x0a;

interface Facts {
  readonly error?: string;
  readonly warnings: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly plain: boolean;
}

/** @param python an interpreter with the packages of `requirements.txt`. */
export function pillow(python: string): Reference {
  const child = spawn(python, [path.join(import.meta.dirname, 'decode.py')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const bytes = bytesOf(child.stdout);
  return {
    name: 'Pillow',
    async read(file): Promise<Reading> {
      child.stdin.write(`${file}\n`);
      // As decode.py writes it.
      const facts = JSON.parse(Buffer.from(await bytes.line()).toString()) as Facts;
      if (facts.error !== undefined) return { kind: 'refused', reason: facts.error };
      const { width, height, warnings } = facts;
      const rgb = await bytes.take(facts.bytes);
      const shown = { width, height, rgb, ...(facts.plain && { plain: await bytes.take(facts.bytes) }) };
      return { kind: 'shown', shown, warnings };
    },
    close: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  child.stdin?.end();
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
}

/** Reads a stream by lines and by counted bytes. */
function bytesOf(stream: Readable) {
  const chunks = stream[Symbol.asyncIterator]();
  let held: Uint8Array = new Uint8Array();

  async function more(): Promise<Uint8Array> {
    const { value, done } = await chunks.next();
    if (done) throw new Error('decode.py ended');
    return value;
  }

  return {
    async line(): Promise<Uint8Array> {
      for (;;) {
        const end = held.indexOf(NEWLINE);
        if (end >= 0) {
          const line = held.subarray(0, end);
          held = held.subarray(end + 1);
          return line;
        }
        held = Buffer.concat([held, await more()]);
      }
    },
    async take(count: number): Promise<Uint8Array> {
      const taken = new Uint8Array(count);
      let at = 0;
      for (;;) {
        const part = held.subarray(0, count - at);
        taken.set(part, at);
        at += part.length;
        held = held.subarray(part.length);
        if (at === count) return taken;
        held = await more();
      }
    },
  };
}
