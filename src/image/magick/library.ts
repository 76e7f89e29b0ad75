/** The used part of ImageMagick's package: a bundle that loads it by namespace could leave nothing out. */
export {
  ColorSpace,
  initializeImageMagick,
  MagickError,
  MagickImage,
  MagickReadSettings,
  PixelChannel,
} from '@imagemagick/magick-wasm';
