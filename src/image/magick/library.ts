/** What is used of ImageMagick's package: a bundle that loads all of it by name could leave nothing out. */
export {
  ColorSpace,
  initializeImageMagick,
  MagickError,
  MagickImage,
  MagickReadSettings,
  PixelChannel,
} from '@imagemagick/magick-wasm';
