/**
 * Facts about a picture from its header, before anything is decoded.
 *
 * Limits and the memory account use these facts alone; see `ways/account.ts`.
 */
export type ImageFormat = ImageHeader['format'];

/** EXIF orientation 1–8 (TIFF 6.0 tag 0x0112): how the stored rows must be transformed to be upright. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export type ImageHeader =
  | JpegHeader
  | PngHeader
  | GifHeader
  | WebpHeader
  | BmpHeader
  | TiffHeader
  | IcoHeader
  | HeifHeader;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of a picture, in its pixels. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/** Bytes of the file from `start` to `end`, exclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

interface Raster extends Size {
  /** Stored width in pixels, before orientation, as the decoder returns it. Never 0. */
  readonly width: number;
  /** Stored height in pixels, before orientation, as the decoder returns it. Never 0. */
  readonly height: number;
  /** Components per pixel, including alpha; a palette index is one: 1–4, in TIFF up to 16. */
  readonly components: number;
  /** Stored bits per component: 1–16, in TIFF up to 64. */
  readonly bitDepth: number;
  /** Progressive JPEG, interlaced PNG or GIF: the decoder keeps the coefficients or passes of the whole picture. */
  readonly progressive: boolean;
  /** Whether there is more than one frame; only the first is classified. */
  readonly animated: boolean;
  /** Segments or chunks that readers of this file step over; absent for formats that never have many. */
  readonly entries?: number;
  /** The colour space; absent if the file does not state it, which means sRGB. */
  readonly space?: ColourSpace;
  /** How the stored rows must be transformed; 1 if the file does not state it, or states nonsense. */
  readonly orientation: Orientation;
}

/** An ICC profile, with its range and whether it is a zlib stream; or a space that the file names by number. */
export type ColourSpace = { readonly icc: ByteRange; readonly deflated: boolean } | 'display-p3';

/** A smaller copy of the picture inside the file, stored in the same orientation. */
export interface Preview extends Size {
  readonly data: ByteRange;
}

export interface JpegHeader extends Raster {
  readonly format: 'jpeg';
  /** How the frame is coded; the 8-bit and the 12-bit sequential processes differ in `bitDepth` only. */
  readonly process: 'sequential' | 'progressive' | 'lossless';
  readonly entropyCoding: 'huffman' | 'arithmetic';
  /** Samples of all components, each padded to whole MCUs, per pixel: 1.5 for 4:2:0, 3 for 4:4:4. */
  readonly storedSamples: number;
  /**
   * Size of an MCU (A.2.3) in pixels, 8 or 16 on each axis, if the whole picture is one ordinary scan: sequential, 8
   * bits, Huffman codes, all components interleaved, grey, or three components with one block of each but the first in
   * an MCU.
   */
  readonly mcu?: Size;
  /** For other pictures. */
  readonly scans?: JpegScans;
  /** Whether three components are red, green and blue, which few programs write, and not YCbCr. */
  readonly isRgb?: boolean;
  /**
   * Complete JPEG files within this one, smallest first: their data start with SOI, and their frame headers state their
   * sizes.
   */
  readonly previews: readonly Preview[];
}

export interface JpegScans {
  readonly count: number;
  /** Segments of all kinds, in the whole file. */
  readonly segments: number;
  /** Whether the file has its EOI marker. */
  readonly isEnded: boolean;
  /** Whether the scans together hold every coefficient of every component to its last bit (Annex G). */
  readonly isComplete: boolean;
}

export interface PngHeader extends Raster {
  readonly format: 'png';
  readonly colour: 'grey' | 'rgb' | 'palette' | 'grey-alpha' | 'rgba';
  /** Whether there is a tRNS chunk: decoding then adds an alpha channel. */
  readonly transparency: boolean;
  /** Bytes of all IDAT chunks together. */
  readonly dataBytes: number;
}

export interface GifHeader extends Raster {
  readonly format: 'gif';
  /**
   * The first frame, on a canvas of `width` × `height`: the file's screen, enlarged to hold the frame if it is smaller.
   * A decoder that crops the frame instead still keeps both in memory.
   */
  readonly frame: Size & { readonly left: number; readonly top: number };
  /** The frame's palette, else the file's: red, green and blue. Absent if there is none. */
  readonly palette: ByteRange | undefined;
  /** Index of the transparent colour. */
  readonly transparent: number | undefined;
  /** Position of the first byte after the frame's header and palette: the minimum LZW code size. */
  readonly dataAt: number;
}

export interface WebpHeader extends Raster {
  readonly format: 'webp';
  readonly compression: 'lossy' | 'lossless';
}

export interface BmpHeader extends Raster {
  readonly format: 'bmp';
  readonly compression: 'none' | 'rle' | 'bitfields';
  /** Whether rows are stored from the top; usually they are stored from the bottom. */
  readonly topDown: boolean;
  readonly bitmap: Bitmap;
}

/** How a device-independent bitmap is stored, in a BMP file or in an icon. */
export interface Bitmap extends Size {
  readonly topDown: boolean;
  /** Bits per pixel. */
  readonly bitCount: 1 | 2 | 4 | 8 | 16 | 24 | 32;
  readonly compression: 'none' | 'rle4' | 'rle8' | 'rle24' | 'bitfields';
  /** At 16 and 32 bits, the masks of red, green, blue and alpha; 0 if there is none. */
  readonly masks: readonly [red: number, green: number, blue: number, alpha: number];
  /** At 8 bits and fewer; it may have fewer colours than there are indices. */
  readonly palette: ByteRange;
  /** Blue, green and red, and an unused byte if there are four. */
  readonly paletteEntryBytes: 3 | 4;
  /** Position of the row that is stored first. */
  readonly dataAt: number;
}

export interface TiffHeader extends Raster {
  readonly format: 'tiff';
  readonly compression:
    | 'none'
    | 'packbits'
    | 'lzw'
    | 'deflate'
    | 'ccitt-rle'
    | 'ccitt-g3'
    | 'ccitt-g4'
    | 'jpeg'
    /** JPEG by TIFF 6.0 §22; today's JPEG follows the second technical note. */
    | 'old-jpeg';
  readonly photometric: TiffPhotometric;
  /** Grey only: whether the largest value is black. */
  readonly whiteIsZero: boolean;
  /** Bits of each component; `bitDepth` is the largest. */
  readonly bitsPerSample: readonly number[];
  readonly sampleFormat: 'unsigned' | 'signed' | 'float';
  /** Meaning of the components after those of the colour. */
  readonly extraSamples: readonly TiffExtraSample[];
  /** Whether each component is stored separately. */
  readonly planar: boolean;
  /** Whether the first pixel of a byte is in its lowest bits (FillOrder 2). */
  readonly lowestBitFirst: boolean;
  /** The predictor applied before LZW or Deflate; `none` for other compressions, which have none. */
  readonly predictor: 'none' | 'horizontal' | 'float';
  /** YCbCr only: pixels per sample of Cb and Cr, across and down: 1, 2 or 4. */
  readonly subsampling: Size;
  /** Size of the segments that are compressed separately: a tile, or a strip as wide as the picture. */
  readonly segment: Size & { readonly kind: 'tile' | 'strip' };
}

export type TiffPhotometric = 'grey' | 'rgb' | 'palette' | 'cmyk' | 'ycbcr' | 'cielab' | 'icclab' | 'itulab';

/** Alpha is `straight` or `premultiplied`; an `unspecified` component is unrelated to the colour. */
export type TiffExtraSample = 'unspecified' | 'premultiplied' | 'straight';

export interface IcoHeader extends Raster {
  readonly format: 'ico';
  /** The largest picture of the file: its own bytes, without the directory. */
  readonly entry: ByteRange;
  /** The header of the PNG file that the entry is; else it is `bitmap`. */
  readonly png: PngHeader | undefined;
  /** A BMP without its file header, half as high as it states: below it is a 1-bit mask. */
  readonly bitmap: Bitmap | undefined;
}

/**
 * A still picture in ISO base media boxes. `width` and `height` are those after cropping to the clean aperture and
 * before `irot` and `imir`, which `orientation` holds. Decoders of this format commonly apply all three themselves, and
 * EXIF repeats them.
 */
export interface HeifHeader extends Raster {
  readonly format: 'avif' | 'heic';
  /** The coded item, in one piece or as tiles: the primary one, or the one that it is derived from unchanged. */
  readonly itemId: number;
  /** Samples of all planes except alpha, per pixel: 1 for grey, 1.5 for 4:2:0, 2 for 4:2:2, 3 for 4:4:4. */
  readonly samplesPerPixel: number;
  /** Size before cropping to the clean aperture. The coded data may differ from it, so bound the decoder's memory. */
  readonly coded: Size;
  /** The clean aperture in the coded picture; all of it if there is none. It has the size of the picture. */
  readonly aperture: Region;
  /** The picture is assembled from tiles of this size, each coded separately. */
  readonly grid: Grid | undefined;
  /** Bytes of the largest of its coded pictures. */
  readonly pieceBytes: number;
  /** Bytes of all its coded pictures together, including alpha's, each as often as it is used. */
  readonly codedBytes: number;
  /** A second item of the coded picture's size: the opacity of each pixel. */
  readonly alpha: HeifAlpha | undefined;
  /** AV1 only: noise is added to a second picture, in addition to the decoded one. */
  readonly filmGrain: boolean;
  /** Absent if only the coded data may state them. */
  readonly numbers: ColourNumbers | undefined;
  /** Thumbnails that are coded in one piece, in the same `format`; smallest first. */
  readonly thumbnails: readonly HeifThumbnail[];
}

/** Size of a tile, and how many there are across and down. */
export interface Grid extends Size {
  readonly columns: number;
  readonly rows: number;
}

export interface HeifAlpha {
  readonly itemId: number;
  /** Number of coded pictures: 1 or, as a grid of its own, more. */
  readonly pieces: number;
  readonly bitDepth: number;
  /** Whether it is coded as luma alone. Otherwise it also has chroma, which has no meaning and may have any value. */
  readonly isGrey: boolean;
  /** Whether the colours are premultiplied by it. */
  readonly isPremultiplied: boolean;
}

/** By ITU-T H.273 §8, and whether the samples have full range. */
export interface ColourNumbers {
  readonly primaries: number;
  readonly transfer: number;
  readonly matrix: number;
  readonly fullRange: boolean;
}

export interface HeifThumbnail extends Size {
  readonly itemId: number;
  readonly samplesPerPixel: number;
  readonly bitDepth: number;
  /** The part of it that shows the visible picture, in the size that the file states, which may be wrong. */
  readonly aperture: Region;
  /** Bytes of its coded data; 0 if they are not all inside the file. */
  readonly dataBytes: number;
}

/** The kind of file: a picture, a picture of a kind that is not read, one with an unusable header, or none. */
export type Sniffed<Header extends ImageHeader = ImageHeader> =
  | { readonly kind: 'picture'; readonly header: Header }
  | Unsupported
  | Broken
  | { readonly kind: 'unknown' };

interface Unsupported {
  readonly kind: 'unsupported';
  /** As the beginning of a sentence: "A BigTIFF". */
  readonly what: string;
}

export function unsupported(what: string): Unsupported {
  return { kind: 'unsupported', what };
}

interface Broken {
  readonly kind: 'broken';
  readonly format: ImageFormat;
  readonly reason: string;
}

export function broken(format: ImageFormat, reason: string): Broken {
  return { kind: 'broken', format, reason };
}
