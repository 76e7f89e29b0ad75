/**
 * The one place where a failure gets its status, title and text, for every door and every dialect.
 */
import type { Failure } from './failure.ts';
import { READABLE_FORMATS } from './image/formats.ts';

/** Never 503: a common client retries it at once, without end. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 422 | 429 | 500 | 502 | 504;

export interface Problem {
  readonly status: ProblemStatus;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Status, title and text of a failure: what was wrong, what the limit is and what to do about it. */
export function describe(failure: Failure): Problem {
  switch (failure.code) {
    case 'anonymous_refused':
      return {
        status: 401,
        title: 'A key is needed',
        detail:
          'This deployment answers nobody without a key, and none is configured. Whoever runs it can set ' +
          'ALLOW_ANONYMOUS to true to answer everybody.',
        headers: { 'www-authenticate': 'Bearer' },
      };
    case 'body_missing':
      return {
        status: 400,
        title: 'No image in the request',
        detail: 'The body is empty. Send the bytes of an image file, as curl --data-binary @photo.jpg does.',
      };
    case 'body_too_large':
      return {
        status: 413,
        title: 'Too many bytes',
        detail:
          `The body is larger than the limit of ${failure.limitBytes} bytes (${mebibytes(failure.limitBytes)} MiB). ` +
          'Send less: the network looks at 224×224 pixels, so a picture loses nothing at a short side of 512.',
      };
    case 'body_too_slow':
      return {
        status: 408,
        title: 'The body came too slowly',
        detail: `The body did not arrive within ${failure.limitSeconds} seconds. Send a smaller file, or try a faster connection.`,
        headers: { connection: 'close' },
      };
    case 'body_interrupted':
      return {
        status: 400,
        title: 'The body broke off',
        detail: 'The connection ended before the body was complete. Send the request again.',
      };
    case 'body_encoding_unsupported':
      return {
        status: 415,
        title: 'Unknown content encoding',
        detail: `The body's content encoding is ${quoted(failure.encoding)}, and only gzip and deflate are undone. Send it as it is.`,
        headers: { 'accept-encoding': 'gzip, deflate' },
      };
    case 'body_undecodable':
      return {
        status: 400,
        title: 'The body cannot be inflated',
        detail: `The content encoding says ${failure.encoding}, but the body is not. Send it as it is, or compress it anew.`,
      };
    case 'json_invalid':
      return {
        status: 400,
        title: 'Not JSON',
        detail: `The body is not valid JSON: ${failure.reason}.`,
      };
    case 'json_too_complex':
      return {
        status: 413,
        title: 'Too much JSON',
        detail: `The body has more than ${failure.maxContainers} lists and objects, or more than ${failure.maxCommas} commas. Send fewer things at once.`,
      };
    case 'field_invalid':
      return {
        status: 400,
        title: 'Wrong field',
        detail: `${failure.field === '' ? 'The JSON body' : quoted(failure.field)} ${failure.reason}.`,
      };
    case 'multipart_invalid':
      return {
        status: 400,
        title: 'Not a form',
        detail:
          'The body is not the multipart/form-data that its content type says, or it ends too early. Let your client library build the form, as curl -F image=@photo.jpg does.',
      };
    case 'multipart_field_missing':
      return {
        status: 400,
        title: 'No image in the form',
        detail: `The form has no file under the name ${failure.field}. Send it as curl -F ${failure.field}=@photo.jpg does.`,
      };
    case 'base64_invalid':
      return {
        status: 400,
        title: 'Not base64',
        detail: `${failure.field} must be the base64 of an image file, or a data: URL of it. It is empty, or has characters that are not base64.`,
      };
    case 'url_input_off':
      return {
        status: 403,
        title: 'URLs are not fetched here',
        detail: 'This deployment fetches no URLs. Fetch the picture yourself and send its bytes.',
      };
    case 'batch_empty':
      return {
        status: 400,
        title: 'No pictures in the batch',
        detail:
          'The batch is empty. Send pictures as form files under the name image, or as JSON {"images": [base64, …]}.',
      };
    case 'batch_too_many_items':
      return {
        status: 413,
        title: 'Too many at once',
        detail: `A request may have ${failure.limitItems} pictures or instances. Send the rest in another.`,
      };
    case 'image_not_bytes':
      return {
        status: 400,
        title: 'Not the bytes of a picture',
        detail:
          'The image must be an ArrayBuffer, a Uint8Array, a ReadableStream of bytes, or a Request or Response with a body.',
      };
    case 'image_format_unsupported':
      return {
        status: 415,
        title: 'Not a picture we read',
        detail: `The bytes are not an image in a format this service reads. It reads ${READABLE_FORMATS}, whatever the content type or file name says.`,
      };
    case 'image_kind_unsupported':
      return {
        status: 415,
        title: 'Not a picture we read',
        detail: `${failure.kind} is not read here. Save it as an ordinary JPEG, PNG or WebP and send that.`,
      };
    case 'image_side_too_long':
      return {
        status: 422,
        title: 'The picture is too large',
        detail: `One side is ${failure.side} pixels, and the limit is ${failure.limitPixels}. Crop or shrink the picture; a short side of 512 loses nothing.`,
      };
    case 'image_area_too_large':
      return {
        status: 422,
        title: 'The picture is too large',
        detail:
          `${failure.width}×${failure.height} is ${megapixels(failure.width * failure.height)} megapixels, and the limit for ` +
          `${failure.kind} in a file of this size is ${megapixels(failure.limitPixels)} megapixels. ` +
          'Shrink the picture; a short side of 512 loses nothing.',
      };
    case 'image_unreadable':
      return {
        status: 422,
        title: 'The picture cannot be read',
        detail: `This looks like ${article(failure.format)} file, but ${failure.reason}. Save it anew with an image editor, or send another.`,
      };
    case 'option_invalid':
      return {
        status: 400,
        title: 'Wrong option',
        detail: `${failure.option} must be ${failure.reason}.`,
      };
    case 'model_unknown':
      return {
        status: 404,
        title: 'No such model',
        detail:
          `There is no model ${quoted(failure.name)}${failure.version === undefined ? '' : ` with a version ${quoted(failure.version)}`}. ` +
          `There is ${failure.known.join(', ')}.`,
      };
    case 'tensor_invalid':
      return {
        status: 400,
        title: 'Wrong tensor',
        detail: `The tensor ${quoted(failure.tensor)} ${failure.reason}.`,
      };
    case 'inference_header_invalid':
      return {
        status: 400,
        title: 'Wrong length of the inference header',
        detail: `The header Inference-Header-Content-Length ${failure.reason}. Give the bytes of JSON before the binary data, 0 if there is no JSON, or leave the header out if there is nothing else.`,
      };
    case 'route_unknown':
      return {
        status: 404,
        title: 'No such route',
        detail: `There is nothing at ${failure.path}. POST an image to /v1/classify.`,
      };
    case 'method_not_allowed':
      return {
        status: 405,
        title: 'Wrong method',
        detail: `${failure.method} is not possible here; use ${failure.allow.join(' or ')}.`,
        headers: { allow: failure.allow.join(', ') },
      };
    case 'internal':
      return {
        status: 500,
        title: 'Our fault',
        detail: 'Something went wrong on our side. It has been logged under the request id; try again.',
      };
  }
}

/** A caller's own words in an answer: short, and nothing that could break a line or a header. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function mebibytes(bytes: number): string {
  return (bytes / (1024 * 1024)).toLocaleString('en', { maximumFractionDigits: 1 });
}

function megapixels(pixels: number): string {
  return (pixels / 1e6).toLocaleString('en', { maximumFractionDigits: 1 });
}

function article(format: string): string {
  return `a ${format.toUpperCase()}`;
}
