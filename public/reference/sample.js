/** Puts a sample picture into every file input of the reference, so that requests can be sent unchanged. */
const SAMPLE = '/playground/samples/digital-clock.webp';

/** @type {Promise<File> | undefined} */
let file;

function sample() {
  file ??= fetch(SAMPLE)
    .then((response) => response.blob())
    .then((blob) => new File([blob], 'digital-clock.webp', { type: 'image/webp' }));
  return file;
}

/** @param {HTMLInputElement} input rendered by Swagger UI: React is notified of the change. */
async function fill(input) {
  input.dataset.sample = 'given';
  const transfer = new DataTransfer();
  transfer.items.add(await sample());
  // The user may have been faster.
  if (input.files?.length) return;
  input.files = transfer.files;
  input.dataset.sample = 'filled';
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

function fillAll() {
  const inputs = document.querySelectorAll('#reference input[type="file"]:not([data-sample])');
  for (const input of inputs) if (input instanceof HTMLInputElement) fill(input);
}

const drawn = document.getElementById('reference');
if (drawn) new MutationObserver(fillAll).observe(drawn, { childList: true, subtree: true });
