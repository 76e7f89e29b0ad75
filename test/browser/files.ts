/** Files as a visitor may have them. */
import type { JSHandle, Page } from 'playwright-core';
import { draw, picture } from '../pictures/encode.ts';
import { HEIC_CLOCK } from '../pictures/heic.ts';
import { type OrientedEncoding, orientedFile } from '../pictures/oriented.ts';
import { BALLOON, DIGITAL_CLOCK, GOLF_BALL, type Scene } from '../pictures/scenes.ts';

export interface VisitorsFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const SIZE = { width: 320, height: 240 };
const TALL = { width: 320, height: 336 };

async function jpeg(name: string, scene: Scene): Promise<VisitorsFile> {
  return { name, mimeType: 'image/jpeg', buffer: Buffer.from(await picture(scene, 'jpeg-420', SIZE)) };
}

export const CLOCK = await jpeg('clock.jpg', DIGITAL_CLOCK);
export const BALL = await jpeg('ball.jpg', GOLF_BALL);
export const BALLOON_FILE = await jpeg('balloon.jpg', BALLOON);

/** Windows has no type for it. */
export const HEIC: VisitorsFile = { name: 'IMG_0001.HEIC', mimeType: '', buffer: Buffer.from(HEIC_CLOCK) };

export const TEXT: VisitorsFile = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') };

/** The balloon, stored rotated. */
export async function turnedBalloon(encoding: OrientedEncoding, orientation: number): Promise<VisitorsFile> {
  const file = await orientedFile(await draw(BALLOON, TALL), TALL, encoding, orientation);
  const name = `balloon-${orientation}.${encoding}`;
  return { name, mimeType: `image/${encoding}`, buffer: Buffer.from(file) };
}

/** The data of a drop or a paste. */
export function carried(
  page: Page,
  files: readonly VisitorsFile[],
  texts: Readonly<Record<string, string>> = {},
): Promise<JSHandle<DataTransfer>> {
  const packed = files.map(({ name, mimeType, buffer }) => ({
    name,
    mimeType,
    base64: buffer.toString('base64'),
  }));
  return page.evaluateHandle(
    ([all, strings]) => {
      const data = new DataTransfer();
      for (const { name, mimeType, base64 } of all) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: mimeType }));
      }
      for (const [type, text] of Object.entries(strings)) data.setData(type, text);
      return data;
    },
    [packed, texts] as const,
  );
}

export async function drop(page: Page, ...load: readonly VisitorsFile[]): Promise<void> {
  await dropData(page, await carried(page, load));
}

export async function dropData(page: Page, dataTransfer: JSHandle<DataTransfer>): Promise<void> {
  await page.dispatchEvent('body', 'dragover', { dataTransfer });
  await page.dispatchEvent('body', 'drop', { dataTransfer });
}

export async function paste(page: Page, clipboardData: JSHandle<DataTransfer>): Promise<void> {
  await page.evaluate((data) => {
    const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
    (document.activeElement ?? document.body).dispatchEvent(event);
  }, clipboardData);
}

export async function choose(page: Page, ...files: readonly VisitorsFile[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose pictures' }).click();
  await (await chooser).setFiles([...files]);
}
