/**
 * What a picture's first bytes say about it, before anything is decoded.
 *
 * Limits and the memory account work on these facts alone; see `account.ts`.
 */
export type ImageFormat = ImageHeader['format'];

/** EXIF orientation 1–8 (TIFF 6.0 tag 0x0112): how the stored rows must be turned to be upright. */
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

/** Bytes of the file from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

interface Raster extends Size {
  /** Stored width in pixels, before orientation; what the decoder hands out. Never 0. */
  readonly width: number;
  /** Stored height in pixels, before orientation; what the decoder hands out. Never 0. */
  readonly height: number;
  /** Components a pixel, alpha included; a palette index is one: 1–4, in TIFF up to 16. */
  readonly components: number;
  /** Bits a component as stored: 1–16, in TIFF up to 64. */
  readonly bitDepth: number;
  /** Progressive JPEG, interlaced PNG or GIF: the decoder keeps the whole picture's coefficients or passes. */
  readonly progressive: boolean;
  /** More than one frame; only the first is classified. */
  readonly animated: boolean;
  /** Segments or chunks that readers of this file pass one by one; absent for formats that never have many. */
  readonly entries?: number;
  /** What the colours' numbers mean; absent where the file says nothing, which is sRGB. */
  readonly space?: ColourSpace;
  /** How the stored rows must be turned; 1 where the file says nothing, or nonsense. */
  readonly orientation: Orientation;
}

/** An ICC profile, where it lies and whether it is a zlib stream; or a space that the file names by number. */
export type ColourSpace = { readonly icc: ByteRange; readonly deflated: boolean } | 'display-p3';

/** A smaller copy of the picture inside the file, turned as the picture itself is. */
export interface Preview extends Size {
  readonly data: ByteRange;
}

export interface JpegHeader extends Raster {
  readonly format: 'jpeg';
  /** How the frame is coded; the 8-bit and the 12-bit sequential processes differ in `bitDepth` only. */
  readonly process: 'sequential' | 'progressive' | 'lossless';
  readonly entropyCoding: 'huffman' | 'arithmetic';
  /** Samples of all components together, each padded to whole MCUs: 1.5 a pixel for 4:2:0, 3 for 4:4:4. */
  readonly storedSamples: number;
  /**
   * Size of an MCU (A.2.3) in pixels, 8 or 16 each way, where the whole picture is one ordinary scan: sequential, 8
   * bits, Huffman codes, all components interleaved, grey, or three with a block of each but the first in an MCU.
   */
  readonly mcu?: Size;
  /** Of what is not. */
  readonly scans?: JpegScans;
  /** Whether three components are red, green and blue, which few programs write, and not YCbCr. */
  readonly isRgb?: boolean;
  /** Whole JPEG files within this one, smallest first: their data start with SOI and their size is their frame header's. */
  readonly previews: readonly Preview[];
}

export interface JpegScans {
  readonly count: number;
  /** Of all kinds, in the whole file. */
  readonly segments: number;
  /** Whether the file has its EOI marker. */
  readonly isEnded: boolean;
  /** Whether the scans together hold every coefficient of every component to its last bit (Annex G). */
  readonly isComplete: boolean;
}

export interface PngHeader extends Raster {
  readonly format: 'png';
  readonly colour: 'grey' | 'rgb' | 'palette' | 'grey-alpha' | 'rgba';
  /** A tRNS chunk is there: decoding adds an alpha channel. */
  readonly transparency: boolean;
  /** Of all IDAT chunks: what the pixels take in the file. */
  readonly dataBytes: number;
}

export interface GifHeader extends Raster {
  readonly format: 'gif';
  /**
   * The first frame, on a canvas of `width` × `height`: the file's screen, enlarged to hold the frame where it is
   * smaller. A decoder that cuts the frame off instead still keeps both in memory.
   */
  readonly frame: Size & { readonly left: number; readonly top: number };
  /** The frame's own, else the file's: red, green and blue. Absent where there is none. */
  readonly palette: ByteRange | undefined;
  /** Index of the colour that is not drawn. */
  readonly transparent: number | undefined;
  /** Position of the first byte after the frame's head and palette: the least LZW code size. */
  readonly dataAt: number;
}

export interface WebpHeader extends Raster {
  readonly format: 'webp';
  readonly compression: 'lossy' | 'lossless';
}

export interface BmpHeader extends Raster {
  readonly format: 'bmp';
  readonly compression: 'none' | 'rle' | 'bitfields';
  /** Rows are stored from the top; the usual order is from the bottom. */
  readonly topDown: boolean;
  readonly bitmap: Bitmap;
}

/** How a device-independent bitmap is stored: in a BMP file, or in an icon. */
export interface Bitmap extends Size {
  readonly topDown: boolean;
  /** Bits a pixel. */
  readonly bitCount: 1 | 2 | 4 | 8 | 16 | 24 | 32;
  readonly compression: 'none' | 'rle4' | 'rle8' | 'rle24' | 'bitfields';
  /** At 16 and 32 bits, which bits of a pixel are red, green, blue and alpha; 0 where there is none. */
  readonly masks: readonly [red: number, green: number, blue: number, alpha: number];
  /** At 8 bits and fewer; it may have fewer colours than there are indices. */
  readonly palette: ByteRange;
  /** Blue, green and red, and an unused byte where there are four. */
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
    /** As TIFF 6.0 §22 has it; the JPEG of today is that of the second technical note. */
    | 'old-jpeg';
  readonly photometric: TiffPhotometric;
  /** Grey only: the largest number is black. */
  readonly whiteIsZero: boolean;
  /** Of each component; `bitDepth` is the largest. */
  readonly bitsPerSample: readonly number[];
  readonly sampleFormat: 'unsigned' | 'signed' | 'float';
  /** What the components are that come after those of the colour. */
  readonly extraSamples: readonly TiffExtraSample[];
  /** Each component is stored on its own. */
  readonly planar: boolean;
  /** The first pixel of a byte is in its lowest bits (FillOrder 2). */
  readonly lowestBitFirst: boolean;
  /** How numbers were predicted before LZW or Deflate; `none` for other compressions, which have no prediction. */
  readonly predictor: 'none' | 'horizontal' | 'float';
  /** YCbCr only: how many pixels share a sample of Cb and of Cr, across and down: 1, 2 or 4. */
  readonly subsampling: Size;
  /** The pieces that are compressed one by one: a tile, or a strip of the picture's width. */
  readonly segment: Size & { readonly kind: 'tile' | 'strip' };
}

export type TiffPhotometric = 'grey' | 'rgb' | 'palette' | 'cmyk' | 'ycbcr' | 'cielab' | 'icclab' | 'itulab';

/** Alpha is `straight` or `premultiplied`; what is `unspecified` has nothing to do with the colour. */
export type TiffExtraSample = 'unspecified' | 'premultiplied' | 'straight';

export interface IcoHeader extends Raster {
  readonly format: 'ico';
  /** The largest of the pictures in the file: its own bytes, without those of the directory. */
  readonly entry: ByteRange;
  /** The entry is a whole PNG file, with this header; else it is `bitmap`. */
  readonly png: PngHeader | undefined;
  /** A BMP without its file header, half as high as that says: below it is a mask of one bit a pixel. */
  readonly bitmap: Bitmap | undefined;
}

/**
 * A still picture in ISO base media boxes. `width` and `height` are those after cropping to the clean
 * aperture and before `irot` and `imir`, which `orientation` holds. Decoders of this format commonly apply
 * all three themselves; and EXIF says the same once more.
 */
export interface HeifHeader extends Raster {
  readonly format: 'avif' | 'heic';
  /** The item that is coded, in one piece or as tiles: the primary one, or what that is derived from unchanged. */
  readonly itemId: number;
  /** Of all planes but alpha: 1 for grey, 1.5 for 4:2:0, 2 for 4:2:2, 3 for 4:4:4. */
  readonly samplesPerPixel: number;
  /** Size before the clean aperture is cut out. The coded data may lie about it: bound the decoder's memory. */
  readonly coded: Size;
  /** The clean aperture in the coded picture; all of it where there is none. Of the size of the picture. */
  readonly aperture: Region;
  /** The picture is put together from tiles of this size, each coded on its own. */
  readonly grid: Grid | undefined;
  /** Of the largest of the coded pictures that it is made of. */
  readonly pieceBytes: number;
  /** Of all the coded pictures that it is made of together, alpha's too; each as often as it is used. */
  readonly codedBytes: number;
  /** A second item of the coded picture's size: how much of each pixel is to be seen. */
  readonly alpha: HeifAlpha | undefined;
  /** AV1 only: noise is put on a second picture, beside the one that is decoded. */
  readonly filmGrain: boolean;
  /** Absent where only the coded data may have them. */
  readonly numbers: ColourNumbers | undefined;
  /** Those that are coded in one piece, as `format` is; smallest first. */
  readonly thumbnails: readonly HeifThumbnail[];
}

/** Size of a tile, and how many there are across and down. */
export interface Grid extends Size {
  readonly columns: number;
  readonly rows: number;
}

export interface HeifAlpha {
  readonly itemId: number;
  /** Coded pictures that it is made of: 1 or, as a grid of its own, more. */
  readonly pieces: number;
  readonly bitDepth: number;
  /** Coded as luma alone. Else there is chroma beside it, which means nothing and may have any value. */
  readonly isGrey: boolean;
  /** The colours were multiplied by it already. */
  readonly isPremultiplied: boolean;
}

/** Of ITU-T H.273 §8, and whether samples take all values from 0 on. */
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
  /** What of it shows what is seen of the picture. Of what the file says is its size, which may be wrong. */
  readonly aperture: Region;
  /** Of its coded data; 0 when they are not all inside the file. */
  readonly dataBytes: number;
}

/** What the bytes turned out to be: a picture, one of a kind that is not read, one whose header cannot be used, or none. */
export type Sniffed<Header extends ImageHeader = ImageHeader> =
  | { readonly kind: 'picture'; readonly header: Header }
  | Unsupported
  | Broken
  | { readonly kind: 'unknown' };

interface Unsupported {
  readonly kind: 'unsupported';
  /** As a sentence begins: "A BigTIFF". */
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
