/** The camera in a class: while the button is held, frames become pictures of the class. */
import { announce } from '../announce.js';
import { cameraFailure, frame, openCamera } from '../camera.js';
import { button, made } from '../element.js';
import { counted } from '../quantities.js';

/** Interval of frames. Similar frames teach little, and the service must process each. */
const FRAME_MS = 250;

/** Short side of a frame: the size to which the service resizes. */
const SHORT_SIDE = 256;

let frames = 0;

/**
 * @param {object} on
 * @param {(files: File[]) => void} on.recorded
 * @param {(text: string) => void} on.failed
 */
export function createRecorder({ recorded, failed }) {
  /** Stops the running camera. @type {(() => void) | undefined} */
  let close;
  let held = false;
  /** Since the button was last pressed. */
  let taken = 0;

  const video = made('video', { playsinline: true, muted: true, 'aria-label': 'What the camera sees' });
  video.muted = true;
  const hold = button('Hold to record', () => {}, { class: 'primary hold' });
  const element = made('div', { class: 'recorder', hidden: true }, video, hold);

  async function shoot() {
    const file = await frame(video, `camera-${++frames}.jpg`, SHORT_SIDE);
    if (!file) return;
    taken++;
    recorded([file]);
  }

  async function begin() {
    if (held) return;
    held = true;
    taken = 0;
    hold.dataset.held = '';
    while (held) {
      await shoot();
      await new Promise((resolve) => setTimeout(resolve, FRAME_MS));
    }
  }

  function end() {
    if (!held) return;
    held = false;
    delete hold.dataset.held;
    announce(`${counted(taken, 'picture')} recorded.`);
  }

  hold.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    hold.setPointerCapture(event.pointerId);
    begin();
  });
  for (const name of /** @type {const} */ (['pointerup', 'pointercancel', 'blur']))
    hold.addEventListener(name, end);
  // A long press must not open a menu here.
  hold.addEventListener('contextmenu', (event) => event.preventDefault());
  hold.addEventListener('keydown', (event) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    begin();
  });
  hold.addEventListener('keyup', (event) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    end();
  });
  // A screen reader presses without a pointer or a key: that takes one picture.
  hold.addEventListener('click', async (event) => {
    if (event.detail !== 0) return;
    taken = 0;
    await shoot();
    announce(`${counted(taken, 'picture')} recorded.`);
  });

  return {
    element,
    isOpen: () => close !== undefined,
    async open() {
      element.hidden = false;
      hold.disabled = true;
      try {
        close = await openCamera(video);
        hold.disabled = false;
        hold.focus();
      } catch (error) {
        element.hidden = true;
        failed(cameraFailure(error));
      }
    },
    close() {
      end();
      element.hidden = true;
      close?.();
      close = undefined;
    },
  };
}
