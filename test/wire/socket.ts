/** HTTP by hand, over a connection that can be closed at any moment: libraries close connections only properly. */
import { connect, type Socket } from 'node:net';

/** A connection on which this was sent. Errors are expected: the other side may close it too. */
export async function sent(url: string, ...chunks: readonly (string | Uint8Array)[]): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  for (const chunk of chunks) socket.write(chunk);
  return socket;
}

/** Waits until this has arrived. @throws if the connection ends first. */
export function received(socket: Socket, pattern: RegExp): Promise<void> {
  let text = '';
  return new Promise((resolve, reject) => {
    socket.on('data', (data) => {
      text += data.toString('latin1');
      if (pattern.test(text)) resolve();
    });
    socket.once('close', () => reject(new Error(`closed after ${JSON.stringify(text.slice(0, 200))}`)));
  });
}

export function head(path: string, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
