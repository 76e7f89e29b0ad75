/**
 * The playground: pictures come in, the service that sent this page says what is in them.
 *
 * Every picture, from whichever source, goes through `take`. What is done with it is up to the part of the page that
 * is open, today the gallery alone.
 */
import { announce } from './announce.js';
import { found } from './element.js';
import { openGallery } from './gallery.js';
import { focusIntake, openIntake } from './intake.js';
import { accepted, key, keyIsNeeded, openKeyField, refused } from './key.js';
import { openLive } from './live.js';
import { counted } from './quantities.js';
import { showSamples } from './samples.js';
import { limits } from './service.js';
import { openSimilarity } from './similarity.js';
import { openUrlField } from './url-field.js';

/** @typedef {import('./picture.js').Picture} Picture */

const notice = found('notice', HTMLElement);
const more = found('more', HTMLDetailsElement);
const shrink = found('shrink', HTMLInputElement);

/** @type {import('./service.js').Limits | undefined} */
let known;

const shown = { pictures: false, camera: false };

const gallery = openGallery({
  key,
  limits: () => known,
  shrinks: () => shrink.checked,
  filled: (some) => fill({ pictures: some }),
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

/**
 * What is looked at has the screen: the way in becomes a bar above it.
 *
 * @param {Partial<typeof shown>} change
 */
function fill(change) {
  Object.assign(shown, change);
  const some = shown.pictures || shown.camera;
  const before = document.body.dataset.filled !== undefined;
  if (some === before) return;
  if (some) document.body.dataset.filled = '';
  else delete document.body.dataset.filled;
  more.open = !some || more.contains(document.activeElement);
}

openIntake({ take, refuse: tell, takesUrls: () => known?.url.enabled ?? false });
openLive({
  key,
  limits: () => known,
  take,
  tell,
  filled: (on) => fill({ camera: on }),
  unauthorized: refused,
});
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
