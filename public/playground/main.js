/** The playground: pictures come in, the service that sent this page says what is in them. */
import { announce } from './announce.js';
import { found } from './element.js';
import { openGallery } from './gallery.js';
import { focusIntake, openIntake } from './intake.js';
import { accepted, key, keyIsNeeded, openKeyField, refused } from './key.js';
import { counted } from './quantities.js';
import { showSamples } from './samples.js';
import { limits } from './service.js';
import { openSimilarity } from './similarity.js';
import { openUrlField } from './url-field.js';

/** @typedef {import('./picture.js').Picture} Picture */

const notice = found('notice', HTMLElement);

/** @type {import('./service.js').Limits | undefined} */
let known;

const gallery = openGallery({
  key,
  limits: () => known,
  unauthorized: refused,
  changed: () => similarity.changed(),
  emptied: focusIntake,
});
const similarity = openSimilarity({ key, entries: gallery.answered, unauthorized: refused });

/** @param {Picture[]} pictures */
function take(pictures) {
  notice.hidden = true;
  gallery.add(pictures);
}

/** @param {string} text */
function tell(text) {
  notice.textContent = text;
  notice.hidden = false;
  announce(text);
}

openIntake({ take, refuse: tell, takesUrls: () => known?.url.enabled ?? false });
showSamples(take, tell);
openKeyField(() => {
  accepted();
  const again = gallery.unlock();
  announce(again > 0 ? `Sending ${counted(again, 'picture')} again.` : 'The key is used from now on.');
});

try {
  known = await limits();
  if (known.url.enabled) openUrlField(known.url, take);
  if (!known.anonymous) keyIsNeeded();
} catch (error) {
  tell(`${error instanceof Error ? error.message : error}`);
}
