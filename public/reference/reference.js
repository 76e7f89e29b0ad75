/** Renders the reference, then scrolls to the address's fragment, because the positions change until it is rendered. */
const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));

window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  // The fragment is either ours or Swagger UI's, which complains about underscores in a code.
  deepLinking: target === null,
  tryItOutEnabled: true,
  // Highlighting the answer with a thousand labels takes a browser many seconds.
  syntaxHighlight: { activated: false },
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  onComplete: () => requestAnimationFrame(() => target?.scrollIntoView()),
});
