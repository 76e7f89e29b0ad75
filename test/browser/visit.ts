/** A visit to a page, in which no error may go unnoticed. */
import assert from 'node:assert/strict';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';

export interface Site {
  readonly browser: Browser;
  /** Where the Worker answers, without a trailing slash. */
  readonly url: string;
}

/** The browser's own message for an answer with 4xx or 5xx, which the page also explains. */
const REFUSED =
  /^Failed to load resource: (the server responded with a status of|net::ERR_INTERNET_DISCONNECTED)/;

/** A phone's picture takes longer than a test's, and a busy machine longer still. */
const PATIENCE_MS = 60_000;

export interface VisitOptions extends BrowserContextOptions {
  readonly path?: string;
}

/**
 * Opens a page with its own empty storage.
 *
 * @throws if `act` does, or afterwards if there was an error in the console, a violation of the policy or a request to
 *   another host.
 */
export async function visit(
  { browser, url }: Site,
  act: (page: Page) => Promise<void>,
  { path = '/', ...options }: VisitOptions = {},
): Promise<void> {
  const context = await browser.newContext(options);
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints = complaintsOf(page, new URL(url).origin);
    await page.goto(url + path, { waitUntil: 'networkidle' });
    await act(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

/** Filled while the page is used. */
export function complaintsOf(page: Page, origin: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !REFUSED.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const to = request.url();
    if (!/^(blob|data):/.test(to) && new URL(to).origin !== origin) complaints.push(`asked ${to}`);
  });
  return complaints;
}

/** The card of a picture. */
export function card(page: Page, name: string): Locator {
  return page.locator('.card', { has: page.getByRole('heading', { name, exact: true }) });
}

/** Waits until every picture has its answer. */
export async function answered(page: Page): Promise<void> {
  await page.locator('.card').first().waitFor();
  await page.waitForFunction(() => !document.querySelector('[data-state="busy"]'));
}

export async function firstLabel(page: Page, name: string): Promise<string> {
  return (await card(page, name).locator('.label').first().textContent()) ?? '';
}

/** Waits until a screen reader would have announced this. */
export async function heard(page: Page, what: RegExp): Promise<void> {
  await page.getByRole('status').filter({ hasText: what }).waitFor();
}
