/** The forms in which clients send a picture, and the routes that take one, for a test of all combinations. */

export interface Route {
  readonly path: string;
  /** The route's own JSON around the base64 of a picture; absent if it encodes bytes in another way. */
  readonly json?: (base64: string) => object;
  /** Whether the route's protocol has JSON only. */
  readonly onlyJson?: true;
}

const MODEL = 'mobilenet_v3_small_100_224';
const image = (base64: string) => ({ image: base64 });
const images = (base64: string) => ({ images: [base64] });
const inputs = (base64: string) => ({ inputs: base64 });

export const ROUTES: readonly Route[] = [
  { path: '/v1/classify', json: image },
  { path: '/v1/embed', json: image },
  { path: '/v1/batch', json: images },
  { path: '/v1/embed/batch', json: images },
  { path: '/hf', json: inputs },
  { path: `/hf/models/google/${MODEL}`, json: inputs },
  { path: `/client/v4/accounts/a/ai/run/${MODEL}` },
  {
    path: `/v2/models/${MODEL}_image/infer`,
    json: (base64) => ({ inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', data: [base64] }] }),
    onlyJson: true,
  },
  {
    path: `/tf/v1/models/${MODEL}:predict`,
    json: (base64) => ({ instances: [{ b64: base64 }] }),
    onlyJson: true,
  },
  {
    path: `/tf/v1/models/${MODEL}:classify`,
    json: (base64) => ({ examples: [{ image: { b64: base64 } }] }),
    onlyJson: true,
  },
];

export interface Sent {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

const utf8 = new TextEncoder();

export function bytesOf(...pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const all = pieces.map((piece) => (typeof piece === 'string' ? utf8.encode(piece) : piece));
  const whole = new Uint8Array(all.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of all) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

/** A file name in an encoding other than UTF-8, or broken off within a character. */
const FILE_NAMES: Readonly<Record<string, Uint8Array>> = {
  'Latin-1': Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x2e, 0x6a, 0x70, 0x67),
  'Windows-1251': Uint8Array.of(0xea, 0xee, 0xf2, 0x2e, 0x6a, 0x70, 0x67),
  // The second byte of the last character is that of a backslash, before the quote.
  'Shift-JIS': Uint8Array.of(0x8e, 0xca, 0x83, 0x5c),
  GBK: Uint8Array.of(0xd5, 0xd5, 0xc6, 0xac, 0x81, 0x5c),
  MacRoman: Uint8Array.of(0x63, 0x61, 0x66, 0x8e, 0x2e, 0x6a, 0x70, 0x67),
  'UTF-8, cut': Uint8Array.of(0x63, 0x61, 0x66, 0xc3),
  'UTF-8 with an escaped quote': bytesOf('é\\"; name=x.jpg'),
  'bytes of no encoding': Uint8Array.of(0xff, 0xfe, 0x00, 0x80, 0x81),
};

const HEAD = 'Content-Disposition: form-data; name="image"; filename="x.jpg"\r\n\r\n';
const FORM = { 'content-type': 'multipart/form-data; boundary=B' };

function form(...pieces: readonly (string | Uint8Array)[]): Sent {
  return { body: bytesOf(...pieces), headers: FORM };
}

/** Variants of a form that RFC 2046 and RFC 7578 allow, or that clients send nevertheless. */
const FORMS: Readonly<Record<string, (picture: Uint8Array) => Sent>> = {
  'a form': (picture) => form('--B\r\n', HEAD, picture, '\r\n--B--\r\n'),
  'a form without its last line break': (picture) => form('--B\r\n', HEAD, picture, '\r\n--B--'),
  'a form after an empty line': (picture) => form('\r\n--B\r\n', HEAD, picture, '\r\n--B--\r\n'),
  'a form with a preamble': (picture) =>
    form('This is a form.\r\n--b\r\n--\r\n\r\n--B\r\n', HEAD, picture, '\r\n--B--\r\n'),
  'a form with an epilogue': (picture) =>
    form('--B\r\n', HEAD, picture, '\r\n--B--\r\nThat was it.\r\n--B\r\n', HEAD, 'x\r\n--B--'),
  'a form with spaces after its boundaries': (picture) => form('--B \t\r\n', HEAD, picture, '\r\n--B-- \r\n'),
  'a form with a quoted boundary': (picture) => ({
    body: bytesOf('--a b:c\r\n', HEAD, picture, '\r\n--a b:c--\r\n'),
    headers: { 'content-type': 'Multipart/Form-Data; charset=utf-8; boundary="a b:c"' },
  }),
  'a form with filename*': (picture) =>
    form(
      "--B\r\nContent-Disposition: form-data; filename*=utf-8''caf%C3%A9%ZZ.jpg; NAME=image\r\n\r\n",
      picture,
      '\r\n--B--\r\n',
    ),
  'a form with a folded header in small letters': (picture) =>
    form(
      '--B\r\ncontent-type: image/jpeg\r\ncontent-disposition:form-data;\r\n\tname="image"\r\n\r\n',
      picture,
      '\r\n--B--\r\n',
    ),
  'a form with parts without names, headers and contents': (picture) =>
    form(
      ...['--B\r\nContent-Type: text/plain\r\n\r\nnothing\r\n', '--B\r\n\r\nno header\r\n--B\r\n\r\n'],
      ...['--B\r\nContent-Disposition: form-data; name="note"\r\n', '\r\n--B\r\n', HEAD, picture],
      ...['\r\n--B\r\nContent-Disposition: attachment\r\n\r\n\r\n--B--\r\n'],
    ),
  'a form whose picture holds what is nearly its boundary': (picture) =>
    // Data after a JPEG's last marker are ignored.
    form('--B\r\n', HEAD, picture, '\r\n--\r\n-B\r\r\n--A\r\r', '\r\n--B--\r\n'),
  ...Object.fromEntries(
    Object.entries(FILE_NAMES).flatMap(([encoding, name]) => [
      [
        `a form with a file name in ${encoding}`,
        (picture: Uint8Array) =>
          form(
            '--B\r\nContent-Disposition: form-data; name="image"; filename="',
            name,
            '"\r\n\r\n',
            picture,
            '\r\n--B--\r\n',
          ),
      ],
      [
        `a form with a file name in ${encoding} before the field's, and in another part`,
        (picture: Uint8Array) =>
          form(
            ...['--B\r\nContent-Disposition: form-data; name="other"; filename="', name, '"\r\n\r\nx\r\n'],
            ...['--B\r\nContent-Disposition: form-data; filename="', name, '"; name="image"\r\n\r\n'],
            ...[picture, '\r\n--B--\r\n'],
          ),
      ],
    ]),
  ),
};

/** The picture as the body, with any content type that clients send. */
const RAW = Object.fromEntries(
  ['', 'image/png', 'application/octet-stream', 'application/json', 'application/x-www-form-urlencoded'].map(
    (type) => [
      `the picture itself as "${type}"`,
      (picture: Uint8Array): Sent => ({
        body: picture,
        headers: type === '' ? {} : { 'content-type': type },
      }),
    ],
  ),
);

/** Bodies for routes that take more than JSON. */
export const BODIES: Readonly<Record<string, (picture: Uint8Array) => Sent>> = { ...RAW, ...FORMS };

/** A picture as text, for a route whose JSON takes base64. */
export const TEXTS: Readonly<Record<string, (picture: Uint8Array) => string>> = {
  base64: (picture) => picture.toBase64(),
  'base64 without padding': (picture) => picture.toBase64({ omitPadding: true }),
  'base64 of the URL alphabet': (picture) => picture.toBase64({ alphabet: 'base64url' }),
  'base64 of the URL alphabet without padding': (picture) =>
    picture.toBase64({ alphabet: 'base64url', omitPadding: true }),
  'base64 in lines': (picture) => picture.toBase64().replace(/.{76}/g, '$&\r\n'),
  'base64 of the URL alphabet in lines': (picture) =>
    picture.toBase64({ alphabet: 'base64url' }).replace(/.{64}/g, '$&\n'),
  'base64 of both alphabets': (picture) => picture.toBase64().replace('+', '-').replace('/', '_'),
  'a data URL': (picture) => `data:image/jpeg;base64,${picture.toBase64()}`,
  'a data URL with parameters': (picture) =>
    `DATA:image/jpeg;name=photo.jpg;charset=utf-8;BASE64,${picture.toBase64()}`,
  'a data URL, percent-encoded': (picture) =>
    `data:image/jpeg;base64,${encodeURIComponent(picture.toBase64())}`,
  'a data URL, percent-encoded in lines': (picture) =>
    `data:;base64,${encodeURIComponent(picture.toBase64().replace(/.{76}/g, '$&\n')).replace(/%../g, (byte) => byte.toLowerCase())}`,
  'a data URL without base64': (picture) =>
    `data:image/jpeg,${Array.from(picture, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')}`,
};

const BOM = Uint8Array.of(0xef, 0xbb, 0xbf);

/** JSON as clients send it. */
export const JSONS: Readonly<Record<string, (json: string) => Sent>> = {
  JSON: (json) => ({ body: bytesOf(json), headers: { 'content-type': 'application/json' } }),
  'JSON of no type': (json) => ({ body: bytesOf(json), headers: {} }),
  'JSON with a byte order mark': (json) => ({
    body: bytesOf(BOM, json),
    headers: { 'content-type': 'application/json; charset=utf-8' },
  }),
  'JSON of no type with a byte order mark': (json) => ({ body: bytesOf(BOM, ' \r\n', json), headers: {} }),
  'JSON as curl -d sends it': (json) => ({
    body: bytesOf(json),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  }),
};

async function compressed(bytes: Uint8Array, format: CompressionFormat): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream(format));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

type CompressionFormat = 'gzip' | 'deflate' | 'deflate-raw';

/** Content codings, and bodies to match. */
export const CODINGS: Readonly<Record<string, (body: Uint8Array) => Promise<Sent>>> = {
  identity: async (body) => ({ body, headers: { 'content-encoding': 'identity' } }),
  gzip: async (body) => ({ body: await compressed(body, 'gzip'), headers: { 'content-encoding': 'gzip' } }),
  'x-gzip': async (body) => ({
    body: await compressed(body, 'gzip'),
    headers: { 'content-encoding': 'X-GZip' },
  }),
  'gzip of three members': async (body) => ({
    body: bytesOf(
      await compressed(body.subarray(0, 700), 'gzip'),
      await compressed(body.subarray(700, 701), 'gzip'),
      await compressed(body.subarray(701), 'gzip'),
    ),
    headers: { 'content-encoding': 'identity, gzip' },
  }),
  'deflate as the RFC has it': async (body) => ({
    body: await compressed(body, 'deflate'),
    headers: { 'content-encoding': 'deflate' },
  }),
  'deflate without its wrapping': async (body) => ({
    body: await compressed(body, 'deflate-raw'),
    headers: { 'content-encoding': 'deflate' },
  }),
};
