import type { PlacedPart } from './layout';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Parts whose middles are so near in height stand in one row. */
const ROW = 26;
const HEAD = 24;

/** Finds the part that lies next in a direction, in its row or in the next one; the same part where there is none. */
export function nearest(parts: readonly PlacedPart[], from: number, direction: Direction): number {
  const start = parts[from];
  if (!start) return 0;
  const a = centre(start);
  const isAcross = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  const ahead = parts
    .map((part, at) => ({ at, dx: centre(part).x - a.x, dy: centre(part).y - a.y }))
    .filter(({ at, dx, dy }) => at !== from && (isAcross ? dx * sign > 0 && Math.abs(dy) <= ROW : dy * sign > ROW));
  const step = isAcross ? 0 : Math.min(...ahead.map(({ dy }) => Math.abs(dy)));
  const row = ahead.filter(({ dy }) => isAcross || Math.abs(dy) <= step + ROW);
  return row.reduce(
    (best, next) => (Math.abs(next.dx) < Math.abs(best.dx) ? next : best),
    row[0] ?? { at: from, dx: 0 }
  ).at;
}

/** A frame is where its name stands. */
function centre({ x, y, width, height, isFrame }: PlacedPart): { x: number; y: number } {
  return { x: x + (isFrame ? Math.min(width, 160) : width) / 2, y: y + (isFrame ? HEAD : height) / 2 };
}

/** Gives the part that stands first: the leftmost of the top row. */
export function topmost(parts: readonly PlacedPart[]): PlacedPart | null {
  const boxes = parts.filter(({ isFrame }) => !isFrame);
  return boxes.reduce<PlacedPart | null>(
    (best, part) => (best === null || part.y < best.y || (part.y === best.y && part.x < best.x) ? part : best),
    null
  );
}
