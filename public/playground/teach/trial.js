/** The classes' answer for a picture or the camera, and the buttons that correct it. */
import { announce } from '../announce.js';
import { cameraFailure, hasCamera, openCamera } from '../camera.js';
import { button, found, made } from '../element.js';
import { frames } from '../frames.js';
import { percent } from '../quantities.js';
import { Refusal } from '../service.js';
import { tilePicture } from '../tile.js';

/** @typedef {import('./by-service.js').Answer} Answer */

const shown = found('trial-shown', HTMLElement);
const answerPlace = found('trial-answer', HTMLElement);
const corrections = found('corrections', HTMLElement);
const labelsPlace = found('corrections-labels', HTMLElement);
const camera = found('trial-camera', HTMLButtonElement);
const file = found('trial-file', HTMLInputElement);

/** Number of listed classes. */
const MOST_LISTED = 5;

/**
 * @param {object} teach
 * @param {() => import('../service.js').Limits | undefined} teach.limits
 * @param {(file: File, held: (seconds: number) => void, signal: AbortSignal) => Promise<Answer>} teach.ask
 * @param {(file: File) => Promise<{ sent: File, thumbnail?: string }>} teach.ready
 * @param {() => readonly string[]} teach.labels of the classes, also of those without a picture
 * @param {() => boolean} teach.isTaught whether there is anything to ask
 * @param {(file: File, label: string) => Promise<void>} teach.correct
 * @param {(id: string) => { name: string, thumbnail?: string } | undefined} teach.picture
 * @param {(error: Refusal) => void} teach.refused
 */
export function openTrial(teach) {
  /** The picture of the last answer. @type {File | undefined} */
  let asked;
  /** @type {AbortController | undefined} */
  let running;
  /** @type {string | undefined} */
  let said;
  /** Thumbnail of a still picture. @type {string | undefined} */
  let thumbnail;

  camera.hidden = !hasCamera();
  camera.addEventListener('click', () => (running ? stop() : watch()));
  found('trial-choose', HTMLButtonElement).addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    const [chosen] = file.files ?? [];
    if (chosen) look(chosen);
    file.value = '';
  });

  /** @param {File} picture */
  async function look(picture) {
    stop();
    said = undefined;
    const { sent, thumbnail: small } = await teach.ready(picture);
    if (thumbnail) URL.revokeObjectURL(thumbnail);
    thumbnail = small;
    shown.replaceChildren(tilePicture(picture.name, small));
    shown.hidden = false;
    if (!teach.isTaught()) return empty();
    say('Looking…');
    await tell(sent, picture.name, new AbortController().signal);
  }

  async function watch() {
    const controller = new AbortController();
    running = controller;
    camera.setAttribute('aria-pressed', 'true');
    const video = made('video', { playsinline: true, 'aria-label': 'What the camera sees' });
    video.muted = true;
    shown.replaceChildren(video);
    shown.hidden = false;
    try {
      const close = await openCamera(video);
      controller.signal.addEventListener('abort', close);
      if (controller.signal.aborted) return close();
    } catch (error) {
      stop();
      return fail(cameraFailure(error));
    }
    said = undefined;
    for await (const frame of frames(video, teach.limits, controller.signal)) {
      if (!teach.isTaught()) empty();
      else if (!(await tell(frame, 'Camera', controller.signal))) return stop();
    }
  }

  function stop() {
    if (!running) return;
    running.abort();
    running = undefined;
    camera.setAttribute('aria-pressed', 'false');
    shown.replaceChildren();
    shown.hidden = true;
  }

  /**
   * @param {File} picture as it is sent
   * @param {string} name
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} whether there was an answer
   */
  async function tell(picture, name, signal) {
    try {
      const answer = await teach.ask(
        picture,
        (seconds) => say(`The service asks to wait: again in ${seconds} s.`),
        signal,
      );
      if (signal.aborted) return false;
      asked = picture;
      show(answer);
      const now = answer.unknown ? 'unknown' : (answer.predictions[0]?.label ?? 'nothing');
      if (now !== said) announce(`${name}: ${now}.`);
      said = now;
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (!(error instanceof Refusal)) throw error;
      fail(`${error.title}. ${error.message}`);
      teach.refused(error);
      return false;
    }
  }

  /** @param {Answer} answer */
  function show({ predictions, unknown, nearest = [] }) {
    const [best] = predictions;
    const alike = unknown ? [] : nearest.flatMap(({ id }) => teach.picture(id) ?? []);
    answerPlace.replaceChildren(
      made(
        'p',
        { class: unknown ? 'named unknown' : 'named' },
        made('strong', {}, unknown ? 'Unknown' : (best?.label ?? 'No class')),
        ...(unknown ? [made('span', { class: 'small' }, ' It is like none of the classes.')] : []),
      ),
      made(
        'ol',
        { class: unknown ? 'predictions faint' : 'predictions' },
        ...predictions.slice(0, MOST_LISTED).map(bar),
      ),
      ...(alike.length > 0
        ? [
            made('p', { class: 'small' }, 'Most like these:'),
            made(
              'div',
              { class: 'strip', 'aria-hidden': 'true' },
              ...alike.map(({ name, thumbnail: small }) => tilePicture(name, small)),
            ),
          ]
        : []),
    );
    updateLabels();
  }

  /** The buttons stay as long as the classes do, so that a focused one keeps the focus. */
  function updateLabels() {
    const labels = teach.labels();
    const there = [...labelsPlace.children].map((element) => element.textContent);
    corrections.hidden = asked === undefined || labels.length === 0;
    if (labels.length === there.length && labels.every((label, at) => label === there[at])) return;
    labelsPlace.replaceChildren(
      ...labels.map((label) => button(label, () => correct(label), { class: 'slim' })),
    );
  }

  /** @param {string} label */
  async function correct(label) {
    if (!asked) return;
    const picture = asked;
    await teach.correct(picture, label);
    announce(`Added to ${label}.`);
    if (!running && asked === picture) await tell(picture, picture.name, new AbortController().signal);
  }

  /** @param {string} text */
  function say(text) {
    answerPlace.replaceChildren(made('p', { class: 'state' }, text));
  }

  function empty() {
    say('Give two classes a few pictures first. Then drop one here, or show it to the camera.');
    asked = undefined;
    corrections.hidden = true;
  }

  /** @param {string} text */
  function fail(text) {
    answerPlace.replaceChildren(made('p', { class: 'failure' }, text));
    announce(text);
  }

  empty();
  return {
    look,
    stop,
    labelsChanged: updateLabels,
    /** Clears the last answer. */
    clear() {
      stop();
      shown.replaceChildren();
      shown.hidden = true;
      empty();
    },
  };
}

/** @param {{ label: string, score: number }} prediction */
function bar({ label, score }) {
  const filled = made('span', {});
  filled.style.width = `${Math.max(score * 100, 0.4)}%`;
  return made(
    'li',
    {},
    made('span', { class: 'label' }, label),
    made('span', { class: 'score' }, percent(score)),
    made('span', { class: 'track', 'aria-hidden': 'true' }, filled),
  );
}
