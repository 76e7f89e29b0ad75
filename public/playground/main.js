/**
 * The playground: takes pictures, and shows what the service that sent this page says about them.
 *
 * Every picture that is dropped, pasted or chosen goes through `take`. The open part of the page decides what is done
 * with it.
 */
import { announce } from './announce.js';
import { found } from './element.js';
import { openGallery } from './gallery.js';
import { focusIntake, openIntake, placeOf } from './intake.js';
import { accepted, key, keyIsNeeded, openKeyField, refused } from './key.js';
import { openLive } from './live.js';
import { openParts } from './parts.js';
import { counted } from './quantities.js';
import { showSamples } from './samples.js';
import { limits } from './service.js';
import { openSimilar } from './similar/similar.js';
import { openTeach } from './teach/teach.js';
import { openUrlField } from './url-field.js';

/** @typedef {import('./picture.js').Picture} Picture */

const notice = found('notice', HTMLElement);
const more = found('more', HTMLDetailsElement);
const shrink = found('shrink', HTMLInputElement);

/** @type {import('./service.js').Limits | undefined} */
let known;

const shown = { pictures: false, camera: false };

/** The open part. */
let part = /** @type {import('./parts.js').Part} */ ('classify');

const gallery = openGallery({
  key,
  limits: () => known,
  shrinks: () => shrink.checked,
  filled: (some) => fill({ pictures: some }),
  unauthorized: refused,
  emptied: focusIntake,
});
const teach = openTeach({
  key,
  limits: () => known,
  shrinks: () => shrink.checked,
  tell,
  unauthorized: refused,
});
const similar = openSimilar({
  key,
  limits: () => known,
  shrinks: () => shrink.checked,
  unauthorized: refused,
});

/**
 * @param {Picture[]} pictures
 * @param {EventTarget | null} target what they were dropped on
 */
function take(pictures, target) {
  notice.hidden = true;
  if (part === 'classify') return gallery.add(pictures);
  const files = pictures.flatMap(({ source }) => ('file' in source ? [source.file] : []));
  if (files.length < pictures.length)
    tell('Only files are taken here. Save the picture, then choose its file.');
  if (part === 'similar') similar.take(files);
  else teach.take(files, placeOf(target));
}

/** @param {Picture[]} pictures */
function classify(pictures) {
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
 * Gives the screen to the pictures: the form becomes a bar above them.
 *
 * @param {Partial<typeof shown>} change
 */
function fill(change) {
  Object.assign(shown, change);
  const some = part !== 'classify' || shown.pictures || shown.camera;
  const before = document.body.dataset.filled !== undefined;
  if (some === before) return;
  if (some) document.body.dataset.filled = '';
  else delete document.body.dataset.filled;
  more.open = !some || more.contains(document.activeElement);
}

const live = openLive({
  key,
  limits: () => known,
  take: classify,
  tell,
  filled: (on) => fill({ camera: on }),
  unauthorized: refused,
});
openParts((open) => {
  part = open;
  fill({});
  if (part !== 'classify') live.leave();
  if (part === 'teach') teach.open();
  else teach.leave();
});
// The page is hidden, so nothing is sent.
document.addEventListener('visibilitychange', () => document.hidden && teach.leave());

openIntake({ take, refuse: tell, takesUrls: () => known?.url.enabled ?? false });
showSamples(classify, tell);
openKeyField(() => {
  accepted();
  if (part === 'teach') teach.open();
  const again = gallery.unlock();
  announce(again > 0 ? `Sending ${counted(again, 'picture')} again.` : 'The key is used from now on.');
});

try {
  known = await limits();
  if (known.url.enabled) openUrlField(known.url, classify);
  if (!known.anonymous) keyIsNeeded();
  if (part === 'teach') teach.open();
} catch (error) {
  tell(`${error instanceof Error ? error.message : error}`);
}
