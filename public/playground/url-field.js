/** The field for a picture's URL, if the service fetches any. */
import { found } from './element.js';
import { fromUrl } from './picture.js';

/**
 * @param {import('./service.js').Limits['url']} rules
 * @param {(pictures: import('./picture.js').Picture[]) => void} take
 */
export function openUrlField({ hosts, schemes }, take) {
  const form = found('by-url', HTMLFormElement);
  const input = found('url', HTMLInputElement);
  const from = hosts.includes('*') ? 'any public host' : hosts.join(', ');
  found('url-hosts', HTMLElement).textContent = `By ${schemes.join(' or ')}, from ${from}.`;
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const url = input.value.trim();
    if (url === '') return input.focus();
    take([fromUrl(url)]);
    input.value = '';
  });
}
