/** The section that classifies the camera's frames. */
import { announce } from './announce.js';
import { cameraFailure, frame, hasCamera, openCamera } from './camera.js';
import { lay } from './crop.js';
import { found, made } from './element.js';
import { frames } from './frames.js';
import { fromFile } from './picture.js';
import { bars } from './predictions.js';
import { inTurn } from './queue.js';
import { classify, Refusal } from './service.js';
import { tagged } from './tags.js';

/** @typedef {import('./service.js').Limits} Limits */
/** @typedef {import('../../client/answers.ts').Classification} Classification */

const section = found('live', HTMLElement);
const opener = found('open-live', HTMLButtonElement);
const video = found('video', HTMLVideoElement);
const mark = found('live-crop', HTMLElement);
const verdict = found('live-verdict', HTMLElement);
const list = found('live-bars', HTMLElement);
const facts = found('live-facts', HTMLElement);

/**
 * @param {object} page
 * @param {() => string} page.key
 * @param {() => Limits | undefined} page.limits
 * @param {(pictures: import('./picture.js').Picture[]) => void} page.take
 * @param {(text: string) => void} page.tell
 * @param {(on: boolean) => void} page.filled called when the camera is opened and closed
 * @param {(detail: string) => void} page.unauthorized
 */
export function openLive(page) {
  /** While it runs. @type {AbortController | undefined} */
  let running;
  let kept = 0;

  opener.hidden = !hasCamera();
  opener.addEventListener('click', start);
  found('stop-live', HTMLButtonElement).addEventListener('click', stop);
  found('keep', HTMLButtonElement).addEventListener('click', async () => {
    const file = await frame(video, `camera-${++kept}.jpg`);
    if (file) page.take([fromFile(file)]);
  });
  video.addEventListener('resize', () => lay(mark, video.videoWidth, video.videoHeight));
  // The page is hidden, so nothing is sent.
  document.addEventListener('visibilitychange', () => document.hidden && running && stop());

  async function start() {
    if (running) return;
    const controller = new AbortController();
    running = controller;
    say('Starting the camera…');
    section.hidden = false;
    page.filled(true);
    section.scrollIntoView({ block: 'nearest' });
    try {
      const close = await openCamera(video);
      controller.signal.addEventListener('abort', close);
      if (controller.signal.aborted) return close();
    } catch (error) {
      stop();
      return page.tell(cameraFailure(error));
    }
    found('keep', HTMLButtonElement).focus();
    await watch(controller.signal);
  }

  function stop() {
    running?.abort();
    running = undefined;
    section.hidden = true;
    page.filled(false);
    if (!opener.hidden) opener.focus();
  }

  /** @param {AbortSignal} signal */
  async function watch(signal) {
    /** The last announcement. @type {string | undefined} */
    let last;
    try {
      for await (const file of frames(video, page.limits, signal)) {
        const { answer, ms } = await look(file, signal);
        show(answer, ms);
        const name = answer.tag ?? answer.predictions[0]?.label;
        if (name !== undefined && name !== last) announce(`Camera: ${name}.`);
        last = name;
      }
    } catch (error) {
      if (signal.aborted) return;
      stop();
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 401) page.unauthorized(error.message);
      page.tell(`The camera was stopped. ${error.title}. ${error.message}`);
    }
  }

  /**
   * @param {File} file
   * @param {AbortSignal} signal
   */
  function look(file, signal) {
    return inTurn((turn) => classify(fromFile(file), { key: page.key(), signal: turn }), {
      signal,
      held: (seconds) => say(`The service asks to wait: again in ${seconds} s.`),
    });
  }

  return {
    /** Stops it if it runs, because another part of the page is opened. */
    leave: () => running && stop(),
  };
}

/** @param {string} text */
function say(text) {
  verdict.replaceChildren(made('p', { class: 'state' }, text));
}

/**
 * @param {Classification} answer
 * @param {number} ms
 */
function show(answer, ms) {
  verdict.replaceChildren(tagged(answer));
  list.replaceChildren(...bars(answer).slice(0, 1));
  facts.textContent = `${Math.round(ms)} ms round trip`;
}
