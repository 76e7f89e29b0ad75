/**
 * The only place where a failure gets its status, title and text, for every entry point and every dialect.
 */
import type { Failure } from './failure.ts';
import { READABLE_FORMATS } from './image/formats.ts';

/** Never 503: a common client retries it at once, without end. */
export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 415 | 422 | 429 | 500 | 502 | 504;

export interface Problem {
  readonly status: ProblemStatus;
  readonly title: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of Cloudflare's API repeats a 409, unless this says that a retry is useless. */
const NOT_AGAIN = { 'x-should-retry': 'false' };

const SEND_BYTES = 'Fetch the picture yourself and send its bytes.';

/** Status, title and text of a failure: what was wrong, what the limit is and what to do about it. */
export function describe(failure: Failure): Problem {
  switch (failure.code) {
    case 'anonymous_refused':
      return {
        status: 401,
        title: 'A key is needed',
        detail: failure.keysConfigured
          ? 'This route answers only callers with a key. Send yours as "Authorization: Bearer <key>" or as "x-api-key: <key>".'
          : 'This deployment answers no callers yet: it has no keys, and anonymous use is off. Its operator can make ' +
            'a key (npm run key -- NAME) and store it in API_KEYS, or set ALLOW_ANONYMOUS to true.',
        headers: { 'www-authenticate': 'Bearer' },
      };
    case 'key_wrong':
      return {
        status: 401,
        title: 'Wrong key',
        detail:
          'This deployment does not know the key in the request. Check that it is complete, or ask the operator for another.',
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      };
    case 'key_throttled':
      return {
        status: 429,
        title: 'Too many wrong keys',
        detail: `Too many wrong keys came from your address. Try again in ${failure.periodSeconds} seconds, with the right one.`,
        headers: { 'retry-after': String(failure.periodSeconds) },
      };
    case 'rate_limited':
      return {
        status: 429,
        title: 'Too many requests',
        detail: `The limit is ${failure.limitRequests} requests in ${failure.periodSeconds} seconds. Wait that long; /v1/batch takes many pictures in one request.`,
        headers: { 'retry-after': String(failure.periodSeconds) },
      };
    case 'overloaded':
      return {
        status: 429,
        title: 'Too much at once',
        detail:
          `The bodies in work fill the ${mebibytes(failure.limitBytes)} MiB that are reserved for them. ` +
          'Try again in a second, or send a smaller file.',
        headers: { 'retry-after': '1' },
      };
    case 'too_many_open':
      return {
        status: 429,
        title: 'Too many requests at once',
        detail:
          `${failure.limitRequests} requests are open already, which is the limit. ` +
          'Try again in a second, and send each body as soon as its request is open.',
        headers: { 'retry-after': '1' },
      };
    case 'caller_gone':
      return {
        status: 400,
        title: 'The caller has gone',
        detail: 'The connection was closed before the work began, so nothing was done.',
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
        title: 'The body arrived too slowly',
        detail: `The body did not arrive within ${failure.limitSeconds} seconds. Send a smaller file, or try a faster connection.`,
        headers: { connection: 'close' },
      };
    case 'body_interrupted':
      return {
        status: 400,
        title: 'The body is incomplete',
        detail: 'The connection ended before the body was complete. Send the request again.',
      };
    case 'body_encoding_unsupported':
      return {
        status: 415,
        title: 'Unknown content encoding',
        detail: `The body's content encoding is ${quoted(failure.encoding)}, and this service decodes only gzip and deflate. Send it uncompressed.`,
        headers: { 'accept-encoding': 'gzip, deflate' },
      };
    case 'body_undecodable':
      return {
        status: 400,
        title: 'The body cannot be decompressed',
        detail: `${
          failure.isPadded
            ? `The body in ${failure.encoding} has more than twice the bytes that it decompresses to, and 64 KiB.`
            : `The content encoding is ${failure.encoding}, but the body is not.`
        } Send it uncompressed, or compress it again.`,
      };
    case 'body_mangled':
      return {
        status: 400,
        title: 'The picture has lost bytes',
        detail:
          'The body has the content type of a form and contains no line break: curl -d removes them from a file. Use --data-binary in place of -d: curl --data-binary @photo.jpg.',
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
        detail: `The body has more than ${failure.maxContainers} lists and objects, ${failure.maxKeys} keys or ${failure.maxCommas} commas. Send fewer things at once.`,
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
    case 'url_invalid':
      return {
        status: 400,
        title: 'Not the URL of a picture',
        detail: `The value given as URL ${failure.reason}. Give an absolute URL such as https://example.com/photo.jpg, percent-encoded if it is in a query.`,
      };
    case 'url_scheme_not_allowed':
      return {
        status: 403,
        title: 'Scheme not allowed',
        detail: `${leads(failure, `The URL has the scheme ${quoted(failure.scheme)}`, 'another scheme')}; this service fetches only ${failure.allowed.join(' and ')}. ${SEND_BYTES}`,
      };
    case 'url_address_refused':
      return {
        status: 403,
        title: 'Not a public address',
        detail: `${leads(failure, `The URL's host is ${quoted(failure.host)}`, 'a host')}, which is not a public address; this service fetches only from those. ${SEND_BYTES}`,
      };
    case 'url_host_not_allowed':
      return {
        status: 403,
        title: 'Host not allowed',
        detail: `${leads(failure, `The URL's host is ${quoted(failure.host)}`, 'a host')}, which is not among those that /v1/limits lists; a port other than 80 and 443 must be listed too. ${SEND_BYTES}`,
      };
    case 'url_file_too_large':
      return {
        status: 413,
        title: 'Too many bytes at the URL',
        detail:
          `The file at the URL is larger than the limit of ${failure.limitBytes} bytes (${mebibytes(failure.limitBytes)} MiB). ` +
          'Give the URL of a smaller one: a picture loses nothing at a short side of 512.',
      };
    case 'url_fetch_failed':
      return {
        status: 502,
        title: 'The URL gave no picture',
        detail: `The URL's host ${failure.reason}. Check that it serves the picture without cookies or a key, or fetch it yourself and send its bytes.`,
      };
    case 'url_fetch_too_slow':
      return {
        status: 504,
        title: 'The URL was too slow',
        detail: `The picture did not arrive from the URL's host within ${failure.limitSeconds} seconds. Try again later, or fetch it yourself and send its bytes.`,
      };
    case 'url_batch_too_slow':
      return {
        status: 504,
        title: 'The URLs of the batch were too slow',
        detail: `The time for all URLs of a batch together is ${failure.limitSeconds} seconds, and this picture had not arrived by then. Send it again in another batch, or fetch it yourself and send its bytes.`,
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
    case 'batch_too_costly':
      return {
        status: 413,
        title: 'Too much work at once',
        detail:
          `By its header this picture costs ${units(failure.units)}, and the pictures before it have left ` +
          `${units(failure.leftUnits)} of the ${failure.limitUnits} that a batch may cost. Send it again in another batch, or alone.`,
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
        title: 'Unsupported image format',
        detail: `The bytes are not an image in a format that this service reads. It reads ${READABLE_FORMATS}, regardless of content type and file name.`,
      };
    case 'image_kind_unsupported':
      return {
        status: 415,
        title: 'Unsupported image format',
        detail: `${failure.kind} is not supported. Save it as an ordinary JPEG, PNG or WebP and send that.`,
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
    case 'image_too_costly':
      return {
        status: 422,
        title: 'The picture takes too long to decode',
        detail:
          `By its header ${failure.kind} like this one costs ${units(failure.units)} of CPU time to decode, and the limit is ` +
          `${failure.limitUnits}; a JPEG of 640×480 costs about one. Shrink the picture, or save it as an ordinary JPEG.`,
      };
    case 'image_memory_exceeded':
      return {
        status: 422,
        title: 'The picture takes too much memory',
        detail:
          `To decode ${failure.kind} like this one takes more than the ${mebibytes(failure.limitBytes)} MiB of memory that a decoder may have. ` +
          'Shrink the picture, or save it again with an image editor; a short side of 512 loses nothing.',
      };
    case 'image_unreadable':
      return {
        status: 422,
        title: 'The picture cannot be read',
        detail: `This looks like ${article(failure.format)} file, but ${failure.reason}. Save it again with an image editor, or send another.`,
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
          `There is ${failure.known.join(', ')}${ofCollections(failure.collections)}.`,
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
    case 'right_missing':
      if (failure.right === 'jobs') {
        return {
          status: 403,
          title: 'No right to run jobs',
          detail: failure.keyNamed
            ? 'Your key may not run jobs over these keys. The operator can give it the right: KEY_RIGHTS = "NAME=jobs:PREFIX", with the name of the key and the beginning of the keys in the bucket.'
            : 'Only callers with a key that has the right may run jobs here. Ask the operator for one.',
        };
      }
      return {
        status: 403,
        title: 'No right to teach',
        detail: failure.keyNamed
          ? 'Your key may classify, but not make or change collections. The operator can give it the right: KEY_RIGHTS = "NAME=teach", with the name of the key.'
          : 'Only callers with a key that has the right may make or change collections here. Ask the operator for one.',
      };
    case 'collections_off':
      return {
        status: 403,
        title: 'No collections here',
        detail:
          'This deployment stores no collections: it has no binding COLLECTIONS. Everything else works without them.',
      };
    case 'quota_reached':
      return {
        status: 403,
        title: 'Quota reached',
        detail: `${QUOTAS[failure.of](failure.limit)}, and this would be one more. Delete what is no longer needed, or ask the operator for a larger quota.`,
      };
    case 'collection_unknown':
      return {
        status: 404,
        title: 'Unknown collection',
        detail:
          'There is no such collection, or it is not yours to use. GET /v1/collections lists yours, and PUT /v1/collections/NAME makes one; one that is shared with you goes as OWNER/NAME.',
      };
    case 'item_unknown':
      return {
        status: 404,
        title: 'Unknown item',
        detail: 'The collection has no item with this id. GET /v1/collections/NAME/items lists them.',
      };
    case 'version_unknown':
      return {
        status: 404,
        title: 'Unknown version',
        detail: `The collection keeps no such version. ${
          failure.known.length === 0
            ? 'It keeps none yet: the first question trains one.'
            : `Those it keeps are ${failure.known.join(', ')}.`
        } GET /v1/collections/NAME/versions lists them.`,
      };
    case 'collection_untaught':
      return {
        status: 409,
        title: 'The collection has no labels',
        detail:
          'No item of the collection has a label, so there are no classes to tell apart. Add pictures with a label each: POST /v1/collections/NAME/items?label=LABEL.',
        headers: NOT_AGAIN,
      };
    case 'collection_sharded':
      return {
        status: 409,
        title: 'The collection is in shards',
        detail: `The collection is in ${failure.shards} shards, which can be searched, but are not trained on: it has no classes to tell apart. Teach another collection, made without "shards", and search this one.`,
        headers: NOT_AGAIN,
      };
    case 'shards_fixed':
      return {
        status: 409,
        title: 'The number of shards stays',
        detail: `The collection has ${failure.shards === 1 ? 'no shards' : `${failure.shards} shards`}, and the number is chosen when a collection is made. Leave "shards" out, or make another collection and add the items to it.`,
      };
    case 'collection_newer':
      return {
        status: 409,
        title: 'The collection is of a newer version',
        detail:
          'A newer version of this service has changed how the collection is stored, and this one leaves it alone. Try again when the newer version is deployed.',
        headers: NOT_AGAIN,
      };
    case 'collection_busy':
      return {
        status: 429,
        title: 'The collection does not answer',
        detail: `The store of the collection is overloaded or does not answer. Try again in ${failure.retrySeconds} seconds.`,
        headers: { 'retry-after': String(failure.retrySeconds) },
      };
    case 'embedding_space_differs':
      return {
        status: 409,
        title: 'Embeddings of another space',
        detail: `The embeddings are of the space ${quoted(failure.given)}, and only those of ${quoted(failure.wanted)} can be compared here. Embed the pictures again, and make a new collection of them.`,
        headers: NOT_AGAIN,
      };
    case 'jobs_off':
      return {
        status: 403,
        title: 'No jobs here',
        detail:
          'This deployment runs no jobs: it has no bucket JOBS_BUCKET or no queue JOBS_QUEUE. The operator can add both to wrangler.toml, as docs/bulk.md says. Until then, POST pictures to /v1/batch.',
      };
    case 'job_unknown':
      return {
        status: 404,
        title: 'Unknown job',
        detail: 'There is no such job, or it is not yours. GET /v1/jobs lists yours.',
      };
    case 'too_many_jobs':
      return {
        status: 429,
        title: 'Too many jobs at once',
        detail:
          `You have ${failure.limitJobs} jobs that have not ended, which is the limit. ` +
          'Wait for one to end, or cancel one that you do not need: POST /v1/jobs/ID/cancel. GET /v1/jobs lists them.',
        headers: { 'retry-after': String(JOB_SECONDS) },
      };
    case 'object_gone':
      return {
        status: 404,
        title: 'The object is gone',
        detail: `The bucket had no object ${quoted(failure.key)} any more when its turn came. Put it back and retry the job.`,
      };
    case 'route_unknown':
      return {
        status: 404,
        title: 'No such route',
        detail: `There is no route at ${failure.path}. POST an image to /v1/classify.`,
      };
    case 'method_not_allowed':
      return {
        status: 405,
        title: 'Wrong method',
        detail: `${failure.method} is not possible here; use ${failure.allow.join(' or ')}.${howToPost(failure)}`,
        headers: { allow: failure.allow.join(', ') },
      };
    case 'internal':
      return {
        status: 500,
        title: 'Internal error',
        detail: 'The service failed. The error is logged under the request id; try again.',
      };
  }
}

/** The further models, as text. */
function ofCollections(before: string | undefined): string {
  return before === undefined
    ? ''
    : `, and each collection of yours as ${before}NAME, or one that is shared with you as ${before}OWNER/NAME`;
}

/** The quotas of an owner, as text. */
/** After how many seconds to ask again whether a job has ended. */
const JOB_SECONDS = 60;

const QUOTAS = {
  collections: (limit: number) => `You may have ${limit} collections`,
  items: (limit: number) => `A collection may have ${limit} items`,
  shard_items: (limit: number) => `Each shard of a collection may have ${limit} items`,
  labels: (limit: number) => `A collection may have ${limit} labels`,
  labelled_items: (limit: number) => `A collection may have ${limit} items with a label`,
  bytes: (limit: number) => `The database of a collection may have ${limit} bytes`,
} as const;

/** `curl -T` and some upload libraries send PUT. */
function howToPost({
  method,
  allow,
}: {
  readonly method: string;
  readonly allow: readonly string[];
}): string {
  return method === 'PUT' && allow.includes('POST')
    ? ' Send a picture as curl --data-binary @photo.jpg does.'
    : '';
}

/** The target of a redirect is not named: the caller has not sent it, and the origin is not quoted. */
function leads({ redirected }: { readonly redirected: boolean }, there: string, elsewhere: string): string {
  return redirected ? `The URL redirects to ${elsewhere}` : there;
}

/** A caller's own words in an answer: shortened, and without anything that could break a line or a header. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

function mebibytes(bytes: number): string {
  return (bytes / (1024 * 1024)).toLocaleString('en', { maximumFractionDigits: 1 });
}

function megapixels(pixels: number): string {
  return (pixels / 1e6).toLocaleString('en', { maximumFractionDigits: 1 });
}

/** Rounded up, so that a value above a limit does not look equal to it. */
function units(count: number): string {
  const shown = Math.ceil(count * 10) / 10;
  return `${shown.toLocaleString('en', { maximumFractionDigits: 1 })} ${shown === 1 ? 'unit' : 'units'}`;
}

function article(format: string): string {
  return `${/^[aeiou]/.test(format) ? 'an' : 'a'} ${format.toUpperCase()}`;
}
