/** Puts a sample picture wherever the reference wants a file, so that a request can be sent unchanged. */
const SAMPLE = '/playground/samples/digital-clock.webp';

/** @type {Promise<File> | undefined} */
let file;

function sample() {
  file ??= fetch(SAMPLE)
    .then((response) => response.blob())
    .then((blob) => new File([blob], 'digital-clock.webp', { type: 'image/webp' }));
  return file;
}

/** @param {HTMLInputElement} input as Swagger UI has drawn it: React hears of the change. */
async function fill(input) {
  input.dataset.sample = 'given';
  const transfer = new DataTransfer();
  transfer.items.add(await sample());
  // The user may have been quicker.
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
