/** The device's camera as a stream of frames. */

/** Short side of a frame that is sent: the size to which the service resizes. */
const SHORT_SIDE = 256;

const QUALITY = 0.85;

/** Whether there may be a camera: browsers offer none on pages without HTTPS, except on localhost. */
export const hasCamera = () => navigator.mediaDevices?.getUserMedia !== undefined;

/** The only stream, and how many elements show it. Some phones have only one: a second would stop the first. */
/** @type {{ stream: Promise<MediaStream>, users: number } | undefined} */
let shared;

/**
 * @param {HTMLVideoElement} video shows what the camera sees
 * @returns {Promise<() => void>} ends it
 */
export async function openCamera(video) {
  shared ??= { stream: streamed(), users: 0 };
  const used = shared;
  used.users++;
  const leave = async () => {
    if (--used.users > 0) return;
    if (shared === used) shared = undefined;
    const stream = await used.stream.catch(() => undefined);
    for (const track of stream?.getTracks() ?? []) track.stop();
  };
  try {
    video.srcObject = await used.stream;
    await video.play();
  } catch (error) {
    leave();
    throw error;
  }
  return () => {
    if (video.srcObject === null) return;
    video.srcObject = null;
    leave();
  };
}

function streamed() {
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    // The camera at the back of a phone; otherwise any.
    video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 960 } },
  });
}

/**
 * Why there is no stream, and what to do.
 *
 * @param {unknown} error what `openCamera` threw
 */
export function cameraFailure(error) {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError')
    return 'The browser was not allowed to use the camera. Allow it next to the address of this page, then try again.';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'This device has no camera.';
  return 'The camera cannot be used now. Close other programs that use it, then try again.';
}

/**
 * @param {HTMLVideoElement} video
 * @param {string} name of the file
 * @param {number} [shortSide] of the picture in pixels; undefined is as the camera has it
 * @returns {Promise<File | undefined>} a JPEG; nothing while the camera has none
 */
export async function frame(video, name, shortSide = Number.POSITIVE_INFINITY) {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0) return undefined;
  const scale = Math.min(1, shortSide / Math.min(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return undefined;
  context.imageSmoothingQuality = 'high';
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  return blob ? new File([blob], name, { type: blob.type }) : undefined;
}

/**
 * A frame as small as the network needs.
 *
 * @param {HTMLVideoElement} video
 */
export const smallFrame = (video) => frame(video, 'camera.jpg', SHORT_SIDE);
