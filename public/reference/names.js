/** Names parts of Swagger UI for screen readers, and makes scrolling parts focusable. */
const reference = document.getElementById('reference');

/** @type {ReadonlyArray<readonly [selector: string, name: (element: Element) => string]>} */
const NAMES = [
  ['#servers', () => 'Server'],
  ['.examples-select-element', () => 'Example'],
  [
    'tr[data-param-name] select',
    (element) => element.closest('tr')?.getAttribute('data-param-name') ?? 'Value',
  ],
  ['input[type="file"]', () => 'File'],
  ['.body-param__text', () => 'Body'],
  ['.responses-table', (element) => `Responses ${element.id.replaceAll('_', ' ')}`.trim()],
];

function nameAll() {
  for (const [selector, name] of NAMES) {
    for (const element of reference?.querySelectorAll(`${selector}:not([aria-label])`) ?? []) {
      element.setAttribute('aria-label', name(element));
    }
  }
  for (const element of reference?.querySelectorAll('.microlight:not([tabindex])') ?? []) {
    element.setAttribute('tabindex', '0');
  }
}

if (reference) new MutationObserver(nameAll).observe(reference, { childList: true, subtree: true });
