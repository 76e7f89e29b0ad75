/**
 * Drawings that the network recognises with confidence, so that tests can expect a sensible answer.
 *
 * Plain shapes on a plain background, in a square of 100 by 100 units. The background fills the whole picture, so that
 * a drawing stays whole and in the middle, whatever the picture's shape.
 */
import { around, circle, grid, line, polygon, rect } from './shapes.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Scene {
  /** The network's first class, and its ILSVRC-2012 index. */
  readonly label: string;
  readonly index: number;
  readonly ground: string;
  /** SVG elements; the square is 0–100 on each axis. */
  readonly shapes: readonly string[];
}

export function svg({ ground, shapes }: Scene, { width, height }: Size): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    `<rect width="100%" height="100%" fill="${ground}"/>`,
    `<svg viewBox="0 0 100 100" overflow="visible">${shapes.join('')}</svg>`,
    '</svg>',
  ].join('');
}

export const CROSSWORD: Scene = {
  label: 'crossword puzzle',
  index: 918,
  ground: '#f4f1ea',
  shapes: grid(13, 13).map(([x, y]) => {
    const black = (x * 7 + y * 5 + x * y) % 6 === 0 || (x % 4 === 1 && y % 4 === 1);
    return rect(
      6 + x * 6.8,
      6 + y * 6.8,
      6.8,
      6.8,
      `fill="${black ? '#111' : '#fff'}" stroke="#222" stroke-width=".5"`,
    );
  }),
};

export const DIGITAL_CLOCK: Scene = {
  label: 'digital clock',
  index: 530,
  ground: '#222',
  shapes: [
    rect(8, 30, 84, 40, 'rx="5" fill="#0a0a0a" stroke="#444" stroke-width="2"'),
    ...[...digit(16, 'abcdefg'), ...digit(33, 'bc'), ...digit(57, 'abged'), ...digit(74, 'afgcd')],
    circle(50, 46, 1.6, 'fill="#ff2b1a"'),
    circle(50, 54, 1.6, 'fill="#ff2b1a"'),
  ],
};

export const SPIDER_WEB: Scene = {
  label: 'spider web',
  index: 815,
  ground: '#1d3321',
  shapes: [
    ...around(14, 60).map(([x, y]) => line(50, 50, x, y, 'stroke="#e8f0e8" stroke-width=".4"')),
    ...Array.from({ length: 14 }, (_, ring) =>
      polygon(around(14, 4 + ring * 3.4), 'fill="none" stroke="#e8f0e8" stroke-width=".35"'),
    ),
  ],
};

export const GOLF_BALL: Scene = {
  label: 'golf ball',
  index: 574,
  ground: '#4f9a3c',
  shapes: [
    '<radialGradient id="ball" cx=".4" cy=".3"><stop stop-color="#fff"/><stop offset="1" stop-color="#c9ccd0"/></radialGradient>',
    circle(50, 50, 32, 'fill="url(#ball)"'),
    ...grid(13, 13)
      .map(([x, y]) => [20 + x * 5 + (y % 2) * 2.5, 20 + y * 5] as const)
      .filter(([x, y]) => Math.hypot(x - 50, y - 50) < 30)
      .map(([x, y]) => circle(x, y, 1.7, 'fill="#b9bec4"')),
  ],
};

export const ENVELOPE: Scene = {
  label: 'envelope',
  index: 549,
  ground: '#8a6a48',
  shapes: [
    rect(12, 26, 76, 50, 'fill="#f4ead2" stroke="#b9a67c"'),
    '<path d="M12 26 50 56 88 26" fill="#eadfc0" stroke="#b9a67c"/>',
    '<path d="M12 76 40 48M88 76 60 48" stroke="#b9a67c"/>',
  ],
};

/** The scene for orientation: upside down, the network takes it for a punching bag. */
export const BALLOON: Scene = {
  label: 'balloon',
  index: 417,
  ground: '#9cc8ee',
  shapes: [
    '<path d="M50 72C20 60 18 10 50 8 82 10 80 60 50 72Z" fill="#d8231f"/>',
    '<path d="M50 72C40 60 38 10 50 8 62 10 60 60 50 72Z" fill="#f5c518"/>',
    '<path d="M44 72 46 84M56 72 54 84" stroke="#333" stroke-width=".7"/>',
    rect(45, 83, 10, 8, 'fill="#7a4a20"'),
  ],
};

export const COMPUTER_KEYBOARD: Scene = {
  label: 'computer keyboard',
  index: 508,
  ground: '#555',
  shapes: [
    rect(-10, 18, 120, 64, 'fill="#d8d8d4"'),
    ...grid(15, 5).map(([x, y]) =>
      rect(
        -6 + x * 7.6 + y * 1.5,
        24 + y * 10.5,
        6.6,
        9,
        'rx="1" fill="#fbfbf8" stroke="#888" stroke-width=".5"',
      ),
    ),
  ],
};

export const SCENES: readonly Scene[] = [
  CROSSWORD,
  DIGITAL_CLOCK,
  SPIDER_WEB,
  GOLF_BALL,
  ENVELOPE,
  BALLOON,
  COMPUTER_KEYBOARD,
];

/** The lit segments of a seven-segment digit: a at the top, then clockwise to f, and g across the middle. */
function digit(left: number, segments: string): string[] {
  const ends: Record<string, readonly [number, number, number, number]> = {
    a: [0, 0, 10, 0],
    b: [10, 0, 10, 11],
    c: [10, 11, 10, 22],
    d: [0, 22, 10, 22],
    e: [0, 11, 0, 22],
    f: [0, 0, 0, 11],
    g: [0, 11, 10, 11],
  };
  return [...segments].map((segment) => {
    const [x1, y1, x2, y2] = ends[segment] ?? [0, 0, 0, 0];
    const style = 'stroke="#ff2b1a" stroke-width="2.6" stroke-linecap="round"';
    return line(left + x1, 39 + y1, left + x2, 39 + y2, style);
  });
}
