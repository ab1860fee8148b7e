import { layered, type Route } from '$lib/diagram/layered';
import { fitted, textWidth } from '$lib/diagram/text-width';
import type { SymbolTable } from '$lib/docpack/source';
import type { GroupEdge } from '$lib/map/aggregate';
import { counted } from '$lib/ui/format';
import type { Part } from './parts';

export interface PlacedPart {
  part: Part;
  x: number;
  y: number;
  width: number;
  height: number;
  /** It holds the boxes of its parts. */
  isFrame: boolean;
  title: string;
  lines: string[];
}

export interface PlacedArrow {
  from: Part;
  to: Part;
  count: number;
  path: string;
  width: number;
  label: { x: number; y: number };
  isBackward: boolean;
  /** Moves the path to where its frame lies. */
  x: number;
  y: number;
}

export interface MapLayout {
  width: number;
  height: number;
  parts: PlacedPart[];
  arrows: PlacedArrow[];
  /** Arrows that are not drawn, because heavier ones say more. */
  hidden: number;
}

export const MAP = { titlePx: 13, linePx: 11, padX: 14, head: 30, frame: 18 };
const WIDTH = { least: 120, most: 220 };
const MAX_WIDTH = 820;
/** A way back that is lighter by this factor is left to the list of cycles. */
const LIGHT_BACK = 6;
/** Arrows for each box, beside the strongest one to it and from it. */
const ARROWS = 1.3;

/** Lays out a level: every part in layers, and within it the parts that are drawn in place. */
export function layoutMap(root: Part, table: SymbolTable): MapLayout {
  return layoutParts(root, table, MAX_WIDTH);
}

function layoutParts(group: Part, table: SymbolTable, maxWidth: number): MapLayout {
  const inner = group.parts.map((part) => (part.parts.length > 0 ? layoutParts(part, table, maxWidth - 60) : null));
  const room = WIDTH.most - 2 * MAP.padX;
  const texts = group.parts.map((part) =>
    textsOf(part, table).map((text, n) => fitted(text, n === 0 ? MAP.titlePx : MAP.linePx, room))
  );
  const boxes = group.parts.map((_, n) => {
    const frame = inner[n];
    if (frame) return { width: frame.width + 2 * MAP.frame, height: frame.height + MAP.head + MAP.frame + 8 };
    const [title, ...lines] = texts[n]!;
    const widest = Math.max(textWidth(title!, MAP.titlePx) + 10, ...lines.map((line) => textWidth(line, MAP.linePx)));
    const width = Math.min(WIDTH.most, Math.max(WIDTH.least, widest + 2 * MAP.padX));
    return { width, height: 28 + lines.length * 16 };
  });
  // What is put together from many parts would seem to be a hub of them.
  const isRest = (at: number) => group.parts[at]!.kind === 'rest';
  const told = group.joins.filter(({ from, to }) => !isRest(from) && !isRest(to));
  const joins = drawnJoins(told, boxes.length);
  const drawing = layered(boxes, joins, { maxWidth, gapX: 22, gapY: 40 });
  const heaviest = joins.reduce((most, { weight }) => Math.max(most, weight), 1);
  const out: MapLayout = {
    width: drawing.width,
    height: drawing.height,
    parts: [],
    arrows: drawing.routes.map((route) => arrow(group, route, heaviest)),
    hidden: told.length - joins.length
  };
  group.parts.forEach((part, n) => {
    const { x, y } = drawing.places[n]!;
    const [title, ...lines] = texts[n]!;
    out.parts.push({ part, x, y, ...boxes[n]!, isFrame: inner[n] !== null, title: title!, lines });
    const frame = inner[n];
    if (!frame) return;
    const [dx, dy] = [x + MAP.frame, y + MAP.head + 8];
    out.parts.push(...frame.parts.map((placed) => ({ ...placed, x: placed.x + dx, y: placed.y + dy })));
    out.arrows.push(...frame.arrows.map((placed) => ({ ...placed, x: placed.x + dx, y: placed.y + dy })));
    out.hidden += frame.hidden;
  });
  return out;
}

function arrow(group: Part, route: Route, heaviest: number): PlacedArrow {
  return {
    from: group.parts[route.from]!,
    to: group.parts[route.to]!,
    count: route.weight,
    path: route.path,
    width: 1 + 3 * (Math.log1p(route.weight) / Math.log1p(heaviest)),
    label: route.label,
    isBackward: route.isBackward,
    x: 0,
    y: 0
  };
}

/** Keeps for each box its strongest arrows, and of the others the heaviest. */
export function drawnJoins(all: readonly GroupEdge[], boxes: number): GroupEdge[] {
  const weights = new Map(all.map(({ from, to, weight }) => [`${from} ${to}`, weight]));
  const joins = all.filter(({ from, to, weight }) => (weights.get(`${to} ${from}`) ?? 0) < weight * LIGHT_BACK);
  const most = Math.ceil(boxes * ARROWS);
  const isFirst = new Set<GroupEdge>();
  const [seenFrom, seenTo] = [new Set<number>(), new Set<number>()];
  for (const join of joins) {
    if (!seenFrom.has(join.from)) isFirst.add(join);
    if (!seenTo.has(join.to)) isFirst.add(join);
    seenFrom.add(join.from);
    seenTo.add(join.to);
  }
  const others = joins.filter((join) => !isFirst.has(join)).slice(0, Math.max(0, most - isFirst.size));
  const kept = new Set(others);
  return joins.filter((join) => isFirst.has(join) || kept.has(join));
}

/** What a box says: its name, its key symbols, and how large it is. */
function textsOf(part: Part, table: SymbolTable): string[] {
  if (part.kind === 'symbol') {
    const kind = (table.words.kind[table.kind[part.symbol]!] ?? '').replaceAll('_', ' ');
    return [part.name, part.symbols > 0 ? `${kind}, ${counted(part.symbols, 'member')}` : kind];
  }
  const size =
    part.files > 1
      ? `${counted(part.files, 'file')}, ${counted(part.symbols, 'symbol')}`
      : counted(part.symbols, 'symbol');
  const says = part.role === null ? size : `${size}, ${part.role.replaceAll('_', ' ')}`;
  const keys = keysFitting(part.keys.map((key) => table.names[key]!));
  return keys === '' ? [part.name, says] : [part.name, keys, says];
}

/** Names as many symbols as a box has room for. */
function keysFitting(names: readonly string[]): string {
  const room = WIDTH.most - 2 * MAP.padX;
  let text = names[0] ?? '';
  for (const name of names.slice(1)) {
    if (textWidth(`${text}, ${name}`, MAP.linePx) > room) break;
    text = `${text}, ${name}`;
  }
  return text;
}
