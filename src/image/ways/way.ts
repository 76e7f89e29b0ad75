/** Types of the result of `waysFor`, and of the rows of the table of ways. */
import type { HeifThumbnail, ImageHeader } from '../header.ts';
import type { Canvas } from '../pixels.ts';
import type { Shrink } from '../shrink.ts';

/** How to get the pixels of a picture from its bytes. */
export type Way = WholeWay | ThumbnailWay | InnerWay;

/** The picture itself, by one of the decoders. */
export interface WholeWay {
  readonly decoder: WholeDecoder;
  /** Pixels that become one while it is decoded, across and down. */
  readonly shrink: Shrink;
  /** CPU time that it takes according to the header, in the units of `time.ts`. */
  readonly units: number;
}

/** The decoders of whole pictures; `decode.ts` has one case for each, and `table.ts` at least one row. */
export type WholeDecoder = 'planes' | 'dc' | 'photon' | 'magick' | 'rows' | 'av1' | 'tiles' | 'pieces';

/** A smaller copy within a HEIF file. */
export interface ThumbnailWay {
  readonly decoder: 'thumbnail';
  readonly thumbnail: HeifThumbnail;
  readonly units: number;
}

/** Another file within the file: a preview, the PNG of an icon, or the first frame of an animation. */
export interface InnerWay {
  readonly decoder: 'inner';
  readonly bytes: Uint8Array;
  readonly header: ImageHeader;
  readonly way: WholeWay;
  readonly isPreview: boolean;
  readonly units: number;
  /** For the frame of an animation: its position, and the size of the canvas. */
  readonly canvas?: Canvas;
}

/**
 * A row of the table: one decoder, and its properties for given pictures.
 *
 * The three columns answer three questions in order. A picture is refused as a kind that is not read, as too large, or
 * as too costly, depending on the first column that leaves no row.
 */
export interface WayRow {
  readonly decoder: WholeDecoder;
  /**
   * Whether it reads pictures of this kind correctly, regardless of size. `npm run kinds` compares every row with an
   * independent decoder, kind by kind.
   */
  reads(header: ImageHeader): boolean;
  /** By how much it reduces such a picture while it decodes. */
  shrink(header: ImageHeader): Shrink;
  /**
   * Memory: how many pixels of such a picture fit in addition to a file of `fileBytes`. `account.ts` explains how the
   * memory is divided.
   */
  holds(header: ImageHeader, shrink: Shrink, fileBytes: number): number;
  /** CPU time of the decode and the resize, from a file of `fileBytes`, in the units of `time.ts`. */
  units(header: ImageHeader, shrink: Shrink, fileBytes: number): number;
  /**
   * Whether it leaves less detail than the resize would use of such a picture. Such a way is used only if no other has
   * memory. Absent: never.
   */
  isCoarse?(header: ImageHeader): boolean;
}
