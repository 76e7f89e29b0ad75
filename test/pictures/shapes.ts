/** SVG elements as strings, in the scenes' units. `style` holds further attributes. */

export type Point = readonly [x: number, y: number];

export function rect(x: number, y: number, width: number, height: number, style: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" ${style}/>`;
}

export function circle(x: number, y: number, radius: number, style: string): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" ${style}/>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, style: string): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${style}/>`;
}

export function polygon(points: readonly Point[], style: string): string {
  return `<polygon points="${points.join(' ')}" ${style}/>`;
}

export function grid(columns: number, rows: number): Point[] {
  return Array.from({ length: columns * rows }, (_, i) => [i % columns, Math.floor(i / columns)] as const);
}

/** Points evenly spaced around the middle, the first at the top. */
export function around(count: number, radius: number): Point[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = (i * 2 * Math.PI) / count;
    return [50 + radius * Math.sin(angle), 50 - radius * Math.cos(angle)] as const;
  });
}
