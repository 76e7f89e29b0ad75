/** Draws the reference. Then goes where the address points, for until it is drawn everything below is higher up. */
const target = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));

window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  // The address is either ours or Swagger UI's, which complains of the underscores in a code.
  deepLinking: target === null,
  tryItOutEnabled: true,
  // To colour the answer of a thousand labels takes a browser many seconds.
  syntaxHighlight: { activated: false },
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  onComplete: () => requestAnimationFrame(() => target?.scrollIntoView()),
});
