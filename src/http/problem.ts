/**
 * The one place where a failure gets its status, title and text.
 *
 * Answers are RFC 9457 problem details, plus `code` (stable, for machines), `error` (the same text as
 * `detail`: Hugging Face, Open Inference Protocol and TensorFlow Serving clients read it) and `request_id`.
 */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Failure, FailureCode } from '../failure.ts';
import { READABLE_FORMATS } from '../image/formats.ts';
import type { AppEnv } from './env.ts';

export interface Problem {
  readonly status: ContentfulStatusCode;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: FailureCode;
  readonly error: string;
  readonly request_id: string;
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
        detail:
          'The request has no body. Send the bytes of an image file as the body, as curl --data-binary @photo.jpg does.',
      };
    case 'body_too_large':
      return {
        status: 413,
        title: 'Too many bytes',
        detail:
          `The body is larger than the limit of ${failure.limitBytes} bytes (${mebibytes(failure.limitBytes)} MiB). ` +
          'Send a smaller file: the network looks at 224×224 pixels, so a short side of 512 loses nothing.',
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
    case 'image_format_unsupported':
      return {
        status: 415,
        title: 'Not a picture we read',
        detail: `The bytes are not an image in a format this service reads. It reads ${READABLE_FORMATS}, whatever the content type or file name says.`,
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
          `${failure.kind} is ${megapixels(failure.limitPixels)}. Shrink the picture; a short side of 512 loses nothing.`,
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

/** The answer to a failed request over HTTP. */
export function problemResponse(c: Context<AppEnv>, failure: Failure): Response {
  const { status, title, detail, headers } = describe(failure);
  const body: ProblemBody = {
    type: `/docs#${failure.code}`,
    title,
    status,
    detail,
    code: failure.code,
    error: detail,
    request_id: c.get('requestId'),
  };
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json', ...headers });
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
