/**
 * The page at `/docs`: the reference, rendered by Swagger UI in the browser, followed by the meaning of every code.
 *
 * Swagger UI renders the `main` of the page. The codes are in the HTML itself, because the `type` of every problem
 * links to one of them.
 */
import { html } from 'hono/html';
import { FAILURE_CODES, FAILURE_EXAMPLES } from '../failure-examples.ts';
import { describe } from '../problem.ts';

export function docsPage() {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>mobilenet-edge: API reference</title>
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/playground/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/vendor/swagger-ui-dist/swagger-ui.css" />
        <link rel="stylesheet" href="/colours.css" />
        <link rel="stylesheet" href="/reference/reference.css" />
        <link rel="stylesheet" href="/reference/swagger-ui.css" />
        <script src="/reference/theme.js"></script>
        <script defer src="/vendor/swagger-ui-dist/swagger-ui-bundle.js"></script>
        <script defer src="/reference/names.js"></script>
        <script defer src="/reference/sample.js"></script>
        <script defer src="/reference/reference.js"></script>
      </head>
      <body>
        <nav aria-label="Pages">
          <a class="mark" href="/">mobilenet-edge</a>
          <a href="#errors">Errors</a>
          <a href="/openapi.json">OpenAPI</a>
        </nav>
        <div class="page">
          <div id="reference"></div>
          <noscript>
            <p>
              The reference is drawn by a script. The same is in
              <a href="/openapi.json">openapi.json</a>, and the errors are below.
            </p>
          </noscript>
          <section id="errors" aria-labelledby="errors-title">
            <h2 id="errors-title">Errors</h2>
            <p>
              Every failure is problem details (RFC 9457): <code>detail</code> says what was wrong in this
              case, <code>code</code> is for machines. The texts here are examples.
            </p>
            <dl>
              ${FAILURE_CODES.map(entry)}
            </dl>
          </section>
        </div>
      </body>
    </html>`;
}

function entry(code: (typeof FAILURE_CODES)[number]) {
  const { status, title, detail } = describe(FAILURE_EXAMPLES[code]);
  return html`<div id="${code}">
    <dt><a href="#${code}"><code>${code}</code></a> ${status} ${title}</dt>
    <dd>${detail}</dd>
  </div>`;
}
