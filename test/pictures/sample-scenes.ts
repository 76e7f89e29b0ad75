/**
 * The playground's sample pictures: drawings with light and shade, each of which the network recognises.
 *
 * SVG in a square of 100 by 100 units, in the middle of a wider picture; the background extends past it.
 */
import { around, grid, rect } from './shapes.ts';

export interface Sample {
  /** The class that the network puts first. */
  readonly label: string;
  readonly drawing: string;
}

/** Background of the whole picture, whatever its shape. */
const ground = (fill: string) => rect(-100, -50, 300, 200, `fill="${fill}"`);

/** A gradient from the upper left, where the light comes from, to the edge. */
const ball = (id: string, light: string, dark: string) =>
  `<radialGradient id="${id}" cx=".37" cy=".29" r=".78"><stop stop-color="${light}"/><stop offset="1" stop-color="${dark}"/></radialGradient>`;

const downwards = (id: string, top: string, bottom: string) =>
  `<linearGradient id="${id}" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>`;

const soft = (id: string, deviation: number) =>
  `<filter id="${id}" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${deviation}"/></filter>`;

const ellipse = (cx: number, cy: number, rx: number, ry: number, style: string) =>
  `<ellipse cx="${cx.toFixed(2)}" cy="${cy.toFixed(2)}" rx="${rx}" ry="${ry.toFixed(2)}" ${style}/>`;

/** Pseudo-random numbers from 0 to 1, the same in every run. */
function scatter(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const ENVELOPE_OF_BALLOON = 'M50 8C9.5 8 12.5 48 45.2 66L54.8 66C87.5 48 90.5 8 50 8Z';

const BALLOON: Sample = {
  label: 'balloon',
  drawing: [
    downwards('sky', '#5fa8dc', '#e6f1f4'),
    ball('shade', '#fff', '#000'),
    soft('cloud', 2),
    ground('url(#sky)'),
    '<g fill="#fff" opacity=".75" filter="url(#cloud)">',
    ...[ellipse(-2, 30, 14, 3.4, ''), ellipse(104, 22, 13, 3, ''), ellipse(92, 48, 16, 3, '')],
    '</g>',
    '<path d="M-40 90Q0 74 40 88T140 82V120H-40Z" fill="#6d9a63"/>',
    '<path d="M-40 97Q20 86 70 95T150 92V120H-40Z" fill="#4f7f4c"/>',
    ...[-30, -20, -10, 0, 10, 20].map((from, at) => {
      const to = from + 10;
      const [top, belly, mouth] = [1.35, 1.25, 0.16];
      const side = `C${50 + from * top} 8 ${50 + from * belly} 48 ${50 + from * mouth} 66`;
      const back = `C${50 + to * belly} 48 ${50 + to * top} 8 50 8`;
      return `<path d="M50 8${side}L${50 + to * mouth} 66${back}Z" fill="${at % 2 ? '#f2b632' : '#c9302c'}"/>`;
    }),
    `<path d="${ENVELOPE_OF_BALLOON}" fill="url(#shade)" opacity=".28"/>`,
    '<path d="M45.2 66 46.5 75M54.8 66 53.5 75M50 66V75" stroke="#4a3a2a" stroke-width=".5"/>',
    rect(45.8, 75, 8.4, 6.5, 'rx="1" fill="#8a5a2b"'),
    '<path d="M45.8 77H54.2M45.8 79.300H54.2" stroke="#6b4420" stroke-width=".4"/>',
  ].join(''),
};

const GOLF_BALL: Sample = {
  label: 'golf ball',
  drawing: [
    downwards('far', '#bcd9a0', '#5c9a3f'),
    ball('ball', '#ffffff', '#b4bac0'),
    soft('shadow', 3),
    ground('url(#far)'),
    rect(-100, 52, 300, 100, 'fill="#3f7d2e"'),
    ...grass(900, scatter(7)),
    ellipse(53, 79, 32, 6, 'fill="#183612" opacity=".6" filter="url(#shadow)"'),
    '<circle cx="50" cy="46" r="33" fill="url(#ball)"/>',
    ...grid(15, 15).flatMap(([column, row]) => {
      const [x, y] = [column * 0.14 + (row % 2) * 0.07 - 0.98, row * 0.14 - 0.98];
      const far = Math.hypot(x, y);
      if (far > 0.93) return [];
      // Flatter towards the edge.
      const flat = 0.45 + 0.55 * Math.sqrt(1 - far * far);
      return [
        ellipse(50 + x * 33, 46 + y * 33, 1.7, 1.7 * flat, 'fill="#aeb4ba" opacity=".75"'),
        ellipse(50.4 + x * 33, 46.5 + y * 33, 1.2, 1.2 * flat, 'fill="#e8ebee"'),
      ];
    }),
  ].join(''),
};

const LEMON: Sample = {
  label: 'lemon',
  drawing: [
    downwards('wall', '#e9ecef', '#c4cad0'),
    ball('peel', '#fff07a', '#d9a90c'),
    soft('shadow', 3),
    ground('url(#wall)'),
    ellipse(52, 80, 38, 6, 'fill="#333" opacity=".45" filter="url(#shadow)"'),
    '<path d="M10 52C13 47 17 46 21 40 30 24 68 22 80 38 84 43 88 44 92 49 94 53 91 57 87 58 82 60 80 64 76 68 62 82 34 80 23 66 19 60 15 61 11 58 8 56 8 54 10 52Z" fill="url(#peel)"/>',
    '<g fill="#c79a0a" opacity=".35">',
    ...Array.from({ length: 90 }, (_, at) => {
      const [angle, far] = [at * 2.4, Math.sqrt(at / 90)];
      return ellipse(50 + 30 * far * Math.cos(angle), 51 + 20 * far * Math.sin(angle), 0.6, 0.6, '');
    }),
    '</g>',
    ellipse(40, 38, 13, 5, 'fill="#fff" opacity=".4" transform="rotate(-12 40 38)"'),
  ].join(''),
};

const TEAPOT: Sample = {
  label: 'teapot',
  drawing: [
    downwards('wall', '#d8e2e6', '#aebbc1'),
    ball('glaze', '#f7f9fb', '#7d95ad'),
    soft('shadow', 3),
    ground('url(#wall)'),
    rect(-100, 78, 300, 80, 'fill="#8a6a4a"'),
    ellipse(50, 86, 36, 5, 'fill="#3a2612" opacity=".6" filter="url(#shadow)"'),
    '<path d="M74 42C96 34 98 66 76 70" stroke="#8fa5bb" stroke-width="5" fill="none"/>',
    '<path d="M26 66C12 62 12 46 4 38L12 36C22 42 22 52 30 54Z" fill="#8fa5bb"/>',
    '<path d="M24 58C24 38 36 32 50 32 64 32 76 38 76 58 76 74 66 86 50 86 34 86 24 74 24 58Z" fill="url(#glaze)"/>',
    '<path d="M34 34C36 26 64 26 66 34Z" fill="#9db2c6" stroke="#6f879f" stroke-width=".8"/>',
    '<circle cx="50" cy="24" r="4" fill="#8fa5bb"/>',
    '<path d="M30 56C40 62 60 62 70 56" stroke="#3c64a0" stroke-width="1.5" fill="none"/>',
  ].join(''),
};

const CANDLE: Sample = {
  label: 'candle',
  drawing: [
    '<radialGradient id="room" cx=".5" cy=".3" r=".6"><stop stop-color="#5a3414"/><stop offset="1" stop-color="#0d0805"/></radialGradient>',
    '<radialGradient id="flame" cx=".5" cy=".7" r=".6"><stop stop-color="#fffbe0"/><stop offset="1" stop-color="#ff9a1f"/></radialGradient>',
    downwards('wax', '#fff2cf', '#c9a25c'),
    soft('glow', 5),
    ground('url(#room)'),
    ellipse(50, 28, 20, 26, 'fill="#ffb347" opacity=".5" filter="url(#glow)"'),
    rect(40, 46, 20, 60, 'rx="2" fill="url(#wax)"'),
    ellipse(50, 46, 10, 2.5, 'fill="#fff8e2"'),
    '<path d="M50 46V38" stroke="#2a1a0a"/>',
    '<path d="M50 14C56 24 58 32 54 38 52 41 48 41 46 38 42 32 45 24 50 14Z" fill="url(#flame)"/>',
  ].join(''),
};

const WALL_CLOCK: Sample = {
  label: 'wall clock',
  drawing: [
    downwards('wall', '#dfe6df', '#b7c4ba'),
    ball('face', '#fffef8', '#e6e0cf'),
    ball('rim', '#8a5a32', '#4f2f17'),
    soft('shadow', 3),
    ground('url(#wall)'),
    '<circle cx="53" cy="55" r="43" fill="#3a4a40" opacity=".5" filter="url(#shadow)"/>',
    '<circle cx="50" cy="50" r="43" fill="url(#rim)"/>',
    '<circle cx="50" cy="50" r="37" fill="url(#face)" stroke="#2f1c0e" stroke-width=".8"/>',
    ...around(60, 34).map(([x, y], minute) => {
      const [inner, width] = minute % 5 ? [32.5, 0.5] : [30, 1.3];
      const [x2, y2] = around(60, inner)[minute] ?? [x, y];
      return `<path d="M${x} ${y}L${x2} ${y2}" stroke="#222" stroke-width="${width}"/>`;
    }),
    ...around(12, 26).map(
      ([x, y], hour) =>
        `<text x="${x}" y="${y + 2.6}" font-size="7.5" font-family="serif" text-anchor="middle" fill="#222">${hour || 12}</text>`,
    ),
    '<g stroke="#151515" stroke-linecap="round"><path d="M50 53 33 38" stroke-width="2.4"/><path d="M48 53 68 27" stroke-width="1.6"/></g>',
    '<circle cx="50" cy="50" r="2.2" fill="#151515"/>',
  ].join(''),
};

export const SAMPLES: readonly Sample[] = [BALLOON, GOLF_BALL, LEMON, TEAPOT, CANDLE, WALL_CLOCK];

/** Blades of grass, the nearer the longer. */
function grass(count: number, random: () => number): string[] {
  return Array.from({ length: count }, () => {
    const [x, y] = [random() * 180 - 40, 52 + random() * 52];
    const high = 3 + (random() * 6 * y) / 80;
    const bend = [random() * 2 - 1, -high / 2, random() * 4 - 2, -high].map((value) => value.toFixed(1));
    const colour = `hsl(${95 + random() * 25} ${45 + random() * 15}% ${24 + random() * 22}%)`;
    return `<path d="M${x.toFixed(1)} ${y.toFixed(1)}q${bend.join(' ')}" stroke="${colour}" stroke-width=".7" fill="none"/>`;
  });
}
