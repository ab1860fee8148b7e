import type { EdgeTable, PackHead, SymbolTable } from '$lib/docpack/source';
import { DEPENDENCY, type GroupEdge } from './aggregate';
import { LabelSpace } from './labels';

/** Where the unit square of the map lies on the screen: `px = x * scale + left`. */
export interface Projection {
  scale: number;
  left: number;
  top: number;
  width: number;
  height: number;
  /** What a symbol's size is multiplied by to be pixels. */
  sizeFactor: number;
}

export interface Scene {
  head: PackHead;
  table: SymbolTable | null;
  edges: EdgeTable | null;
  between: GroupEdge[];
  /** Symbols by falling centrality: the order in which they are named. */
  byRank: Uint32Array;
  selected: number;
  hovered: number;
  cluster: number;
  /** Symbols that a search or filter marks; empty when nothing is marked. */
  marked: ReadonlySet<number>;
  clusterColors: string[];
  colors: { ink: string; ink2: string; ink3: string; bg: string; line: string; accent: string };
  font: string;
}

/** Dashes by kind, so that colour is not the only sign. */
const DASHES: Record<string, number[]> = {
  calls: [],
  imports: [6, 3],
  references: [2, 3],
  references_type: [1, 3],
  implements: [8, 3, 2, 3],
  extends: [8, 3, 2, 3],
  related: [1, 5],
  co_changed: [1, 5]
};
/** For kinds of later versions. */
const OTHER_DASHES = [4, 4];
const dashesOf = (kind: string) => (Object.hasOwn(DASHES, kind) ? DASHES[kind]! : OTHER_DASHES);

/** Edges of one symbol that are drawn at most: past it they are a blot, and the panel lists them all. */
const MAX_FOCUS_EDGES = 240;
/** Symbols in sight up to which their edges are drawn, once a cluster is looked into; seen from afar they are a tangle. */
const MAX_VISIBLE_FOR_EDGES = 260;
const MAX_SYMBOL_LABELS = 70;
/** A cluster whose disk has this share of the screen is looked into: its symbols are named. */
const NAMED_FROM = 0.3;
const MANY_CLUSTERS = 40;
/** A disk of a smaller radius bears its name in its middle. */
const CENTRED_BELOW_PX = 36;

const px = (view: Projection, x: number) => x * view.scale + view.left;
const py = (view: Projection, y: number) => y * view.scale + view.top;

/** Draws what lies under the symbols: disks of clusters and edges. */
export function drawUnder(canvas: CanvasRenderingContext2D, scene: Scene, view: Projection): void {
  canvas.clearRect(0, 0, view.width, view.height);
  drawDisks(canvas, scene, view);
  const near = symbolsToJoin(scene, view);
  if (near !== null) {
    if (scene.hovered < 0 && scene.selected < 0) drawVisibleEdges(canvas, scene, view, near);
  }
  // Beside them, a line that ends in the middle of a cluster would seem to be that of the symbol there.
  else if (scene.selected < 0) drawBetween(canvas, scene, view);
  const focus = scene.hovered >= 0 ? scene.hovered : scene.selected;
  if (scene.selected >= 0 && scene.selected !== focus) drawFocus(canvas, scene, view, scene.selected, 0.35);
  if (focus >= 0) drawFocus(canvas, scene, view, focus, 1);
}

function drawDisks(canvas: CanvasRenderingContext2D, scene: Scene, view: Projection): void {
  scene.head.clusters.forEach(({ x, y, radius }, at) => {
    const [cx, cy, r] = [px(view, x), py(view, y), radius * view.scale];
    if (cx + r < 0 || cy + r < 0 || cx - r > view.width || cy - r > view.height || r < 2) return;
    const isLit = scene.cluster === at;
    canvas.beginPath();
    canvas.arc(cx, cy, r, 0, Math.PI * 2);
    canvas.fillStyle = scene.clusterColors[at]!;
    canvas.globalAlpha = isLit ? 0.12 : scene.cluster >= 0 ? 0.02 : 0.05;
    canvas.fill();
    if (isLit) {
      canvas.globalAlpha = 0.7;
      canvas.strokeStyle = scene.clusterColors[at]!;
      canvas.lineWidth = 1.25;
      canvas.stroke();
    }
  });
  canvas.globalAlpha = 1;
}

/** Draws dependencies between clusters while clusters, not symbols, are what is looked at. */
function drawBetween(canvas: CanvasRenderingContext2D, scene: Scene, view: Projection): void {
  const largest = Math.max(...scene.head.clusters.map(({ radius }) => radius), 0.01) * view.scale;
  const nearness = Math.min(1, Math.max(0, (1.4 - largest / Math.min(view.width, view.height)) / 0.7));
  if (nearness === 0) return;
  const heaviest = scene.between[0]?.weight ?? 1;
  const shown = scene.between.filter(
    ({ from, to }) => scene.cluster < 0 || from === scene.cluster || to === scene.cluster
  );
  canvas.strokeStyle = scene.colors.ink2;
  for (const { from, to, weight } of shown.slice(0, Math.min(90, scene.head.clusters.length * 2))) {
    const share = Math.log1p(weight) / Math.log1p(heaviest);
    const [a, b] = [scene.head.clusters[from]!, scene.head.clusters[to]!];
    canvas.globalAlpha = nearness * (0.06 + 0.24 * share * share);
    canvas.lineWidth = 0.75 + 3 * share * share;
    curve(canvas, px(view, a.x), py(view, a.y), px(view, b.x), py(view, b.y), 0.18);
    canvas.stroke();
  }
  canvas.globalAlpha = 1;
}

/** Gives the symbols whose edges are drawn; null from afar, and where there are too many. */
function symbolsToJoin(scene: Scene, view: Projection): number[] | null {
  if (!scene.edges || !isLookedInto(scene, view)) return null;
  const visible = symbolsInView(scene, view, MAX_VISIBLE_FOR_EDGES + 1);
  return visible.length > MAX_VISIBLE_FOR_EDGES ? null : visible;
}

function drawVisibleEdges(
  canvas: CanvasRenderingContext2D,
  scene: Scene,
  view: Projection,
  visible: readonly number[]
): void {
  const { head } = scene;
  const edges = scene.edges!;
  canvas.strokeStyle = scene.colors.ink3;
  canvas.lineWidth = 1;
  for (const symbol of visible) {
    if (scene.cluster >= 0 && head.cluster[symbol] !== scene.cluster) continue;
    for (let at = edges.outgoingStart[symbol]!; at < edges.outgoingStart[symbol + 1]!; at++) {
      const edge = edges.outgoing[at]!;
      if (!DEPENDENCY[edges.kind[edge]!]) continue;
      const target = edges.target[edge]!;
      // What leads away is told by the lines between clusters too.
      canvas.globalAlpha = head.cluster[target] === head.cluster[symbol] ? 0.4 : 0.12;
      canvas.setLineDash(dashesOf(edges.kinds[edges.kind[edge]!]!));
      curve(
        canvas,
        px(view, head.x[symbol]!),
        py(view, head.y[symbol]!),
        px(view, head.x[target]!),
        py(view, head.y[target]!),
        0.1
      );
      canvas.stroke();
    }
  }
  canvas.setLineDash([]);
  canvas.globalAlpha = 1;
}

/** Tells whether a disk is so large on the screen that its symbols, not the clusters, are looked at. */
function isLookedInto({ head }: Scene, view: Projection): boolean {
  const least = NAMED_FROM * Math.min(view.width, view.height);
  return head.clusters.some(({ x, y, radius }) => {
    const [cx, cy, r] = [px(view, x), py(view, y), radius * view.scale];
    return r > least && cx + r > 0 && cy + r > 0 && cx - r < view.width && cy - r < view.height;
  });
}

/** Gives symbols in sight by falling rank, up to a number. */
export function symbolsInView({ head, byRank }: Scene, view: Projection, limit: number): number[] {
  const out: number[] = [];
  for (const symbol of byRank) {
    const [x, y] = [px(view, head.x[symbol]!), py(view, head.y[symbol]!)];
    if (x >= 0 && y >= 0 && x <= view.width && y <= view.height) out.push(symbol);
    if (out.length >= limit) break;
  }
  return out;
}

/** The symbols that one symbol's drawn edges lead to. */
export function neighbours(edges: EdgeTable, symbol: number): number[] {
  const out = new Set<number>();
  for (let at = edges.outgoingStart[symbol]!; at < edges.outgoingStart[symbol + 1]!; at++) {
    const edge = edges.outgoing[at]!;
    if (edges.kinds[edges.kind[edge]!] !== 'contains') out.add(edges.target[edge]!);
  }
  for (let at = edges.incomingStart[symbol]!; at < edges.incomingStart[symbol + 1]!; at++) {
    const edge = edges.incoming[at]!;
    if (edges.kinds[edges.kind[edge]!] !== 'contains') out.add(edges.source[edge]!);
  }
  return [...out].slice(0, MAX_FOCUS_EDGES);
}

function drawFocus(
  canvas: CanvasRenderingContext2D,
  scene: Scene,
  view: Projection,
  symbol: number,
  strength: number
): void {
  const { edges, head } = scene;
  if (!edges) return;
  const [x, y] = [px(view, head.x[symbol]!), py(view, head.y[symbol]!)];
  let drawn = 0;
  const draw = (edge: number, other: number, isOutgoing: boolean) => {
    const kind = edges.kinds[edges.kind[edge]!]!;
    if (kind === 'contains' || drawn++ >= MAX_FOCUS_EDGES) return;
    const isRelated = !Object.hasOwn(DASHES, kind) || kind === 'related' || kind === 'co_changed';
    const [ox, oy] = [px(view, head.x[other]!), py(view, head.y[other]!)];
    canvas.strokeStyle = isRelated ? scene.colors.ink3 : isOutgoing ? scene.colors.accent : scene.colors.ink;
    canvas.globalAlpha = strength * (isRelated ? 0.5 : 0.8);
    canvas.lineWidth = isRelated ? 1 : 1.4;
    canvas.setLineDash(dashesOf(kind));
    const [fromX, fromY, toX, toY] = isOutgoing ? [x, y, ox, oy] : [ox, oy, x, y];
    curve(canvas, fromX, fromY, toX, toY, 0.12);
    canvas.stroke();
    canvas.setLineDash([]);
    if (!isRelated) arrow(canvas, fromX, fromY, toX, toY);
  };
  for (let at = edges.outgoingStart[symbol]!; at < edges.outgoingStart[symbol + 1]!; at++) {
    draw(edges.outgoing[at]!, edges.target[edges.outgoing[at]!]!, true);
  }
  for (let at = edges.incomingStart[symbol]!; at < edges.incomingStart[symbol + 1]!; at++) {
    draw(edges.incoming[at]!, edges.source[edges.incoming[at]!]!, false);
  }
  canvas.globalAlpha = 1;
}

function curve(canvas: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number, bend: number): void {
  const [mx, my] = bent(x1, y1, x2, y2, bend);
  canvas.beginPath();
  canvas.moveTo(x1, y1);
  canvas.quadraticCurveTo(mx, my, x2, y2);
}

function bent(x1: number, y1: number, x2: number, y2: number, bend: number): [number, number] {
  return [(x1 + x2) / 2 - (y2 - y1) * bend, (y1 + y2) / 2 + (x2 - x1) * bend];
}

function arrow(canvas: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  const [mx, my] = bent(x1, y1, x2, y2, 0.12);
  const length = Math.hypot(x2 - mx, y2 - my);
  if (length < 14) return;
  const [ux, uy] = [(x2 - mx) / length, (y2 - my) / length];
  const [tx, ty] = [x2 - ux * 5, y2 - uy * 5];
  canvas.beginPath();
  canvas.moveTo(tx, ty);
  canvas.lineTo(tx - ux * 6 - uy * 3, ty - uy * 6 + ux * 3);
  canvas.lineTo(tx - ux * 6 + uy * 3, ty - uy * 6 - ux * 3);
  canvas.closePath();
  canvas.fillStyle = canvas.strokeStyle;
  canvas.fill();
}

/** Draws what lies over the symbols: rings around those in focus, and names that do not collide. */
export function drawOver(canvas: CanvasRenderingContext2D, scene: Scene, view: Projection): void {
  canvas.clearRect(0, 0, view.width, view.height);
  canvas.lineJoin = 'round';
  const space = new LabelSpace();
  const { head, table } = scene;
  const focus = scene.hovered >= 0 ? scene.hovered : scene.selected;
  for (const symbol of new Set([scene.selected, scene.hovered])) if (symbol >= 0) ring(canvas, scene, view, symbol);
  if (table) {
    for (const symbol of new Set([scene.hovered, scene.selected])) {
      if (symbol >= 0) symbolLabel(canvas, scene, view, space, symbol, 600);
    }
    const near = focus >= 0 && scene.edges ? neighbours(scene.edges, focus) : [];
    near.sort((a, b) => table.centrality[b]! - table.centrality[a]!);
    near.slice(0, 24).forEach((symbol) => symbolLabel(canvas, scene, view, space, symbol, 400));
    if (scene.marked.size <= 400) {
      for (const symbol of scene.marked) ring(canvas, scene, view, symbol);
      [...scene.marked].slice(0, 12).forEach((symbol) => symbolLabel(canvas, scene, view, space, symbol, 600));
    }
  }
  clusterLabels(canvas, scene, view, space, focus >= 0 ? 0.35 : 1);
  if (!table || focus >= 0) return;
  // A name that many symbols have is written once: at the one most relied upon.
  const named = new Set<string>();
  for (const symbol of symbolsInView(scene, view, 1_500)) {
    const name = nameOf(table, symbol);
    if (named.has(name)) continue;
    const radius = (head.clusters[head.cluster[symbol]!]?.radius ?? 0) * view.scale;
    const isWanted =
      scene.cluster >= 0
        ? head.cluster[symbol] === scene.cluster
        : radius > NAMED_FROM * Math.min(view.width, view.height);
    if (!isWanted || !symbolLabel(canvas, scene, view, space, symbol, 400)) continue;
    if (named.add(name).size >= MAX_SYMBOL_LABELS) break;
  }
}

function clusterLabels(
  canvas: CanvasRenderingContext2D,
  scene: Scene,
  view: Projection,
  space: LabelSpace,
  alpha: number
): void {
  const extent = Math.min(view.width, view.height);
  // Where there are many, the names of small ones would cover each other; they come with a nearer view.
  const least = scene.head.clusters.length > MANY_CLUSTERS ? 16 : 10;
  scene.head.clusters.forEach(({ x, y, radius, label }, at) => {
    const r = radius * view.scale;
    const [cx, cy] = [px(view, x), py(view, y)];
    if (r < least || r > extent * 0.9 || cx < 0 || cy < 0 || cx > view.width || cy > view.height) return;
    if (scene.cluster >= 0 && scene.cluster !== at) return;
    const size = Math.round(Math.min(15, Math.max(11, 9 + r / 28)));
    canvas.font = `600 ${size}px ${scene.font}`;
    // At the rim a name is out of its symbols' way: above the disk, below it, or within where neither has room.
    // What is smaller than its name has none in sight anyway, and the rim would be another's.
    const rim = [cy - r - size / 2 - 3, cy + r + size / 2 + 3, cy - r + size];
    for (const middle of r < CENTRED_BELOW_PX ? [cy, ...rim] : [...rim, cy]) {
      if (
        middle > size &&
        middle < view.height - size &&
        text(canvas, scene, space, label, cx, middle, size, alpha, true)
      )
        break;
    }
  });
}

function symbolLabel(
  canvas: CanvasRenderingContext2D,
  scene: Scene,
  view: Projection,
  space: LabelSpace,
  symbol: number,
  weight: number
): boolean {
  const [x, y] = [px(view, scene.head.x[symbol]!), py(view, scene.head.y[symbol]!)];
  if (x < 0 || y < 0 || x > view.width || y > view.height) return false;
  canvas.font = `${weight} 11px ${scene.font}`;
  const radius = sizeOf(scene.head, scene.table!.centrality[symbol]!) * view.sizeFactor;
  return text(
    canvas,
    scene,
    space,
    nameOf(scene.table!, symbol).slice(0, 48),
    x + radius + 4,
    y,
    11,
    weight === 600 ? 1 : 0.85,
    false
  );
}

/** A constructor has the same name in every class; its class tells which it is. */
function nameOf({ names, parent, kind, words }: SymbolTable, symbol: number): string {
  const isConstructor = words.kind[kind[symbol]!] === 'constructor' && parent[symbol]! >= 0;
  return isConstructor ? `${names[parent[symbol]!]!}.${names[symbol]!}` : names[symbol]!;
}

function text(
  canvas: CanvasRenderingContext2D,
  scene: Scene,
  space: LabelSpace,
  words: string,
  x: number,
  y: number,
  size: number,
  alpha: number,
  isCentred: boolean
): boolean {
  const width = canvas.measureText(words).width;
  const left = isCentred ? x - width / 2 : x;
  if (!space.take({ text: words, x: left - 3, y: y - size / 2 - 2, width: width + 6, height: size + 4 })) return false;
  canvas.globalAlpha = alpha;
  canvas.textBaseline = 'middle';
  canvas.lineWidth = 3;
  canvas.strokeStyle = scene.colors.bg;
  canvas.strokeText(words, left, y);
  canvas.fillStyle = scene.colors.ink;
  canvas.fillText(words, left, y);
  canvas.globalAlpha = 1;
  return true;
}

function ring(canvas: CanvasRenderingContext2D, scene: Scene, view: Projection, symbol: number): void {
  const isSelected = symbol === scene.selected;
  const radius = sizeOf(scene.head, scene.table?.centrality[symbol] ?? 0) * view.sizeFactor;
  canvas.beginPath();
  canvas.arc(
    px(view, scene.head.x[symbol]!),
    py(view, scene.head.y[symbol]!),
    radius + (isSelected ? 3.5 : 2.5),
    0,
    Math.PI * 2
  );
  canvas.strokeStyle = isSelected ? scene.colors.accent : scene.colors.ink;
  canvas.lineWidth = isSelected ? 2 : 1.25;
  canvas.stroke();
}

/** A symbol's radius: larger for what is relied upon, smaller where there are many. */
export function sizeOf(head: PackHead, centrality: number): number {
  const crowd = Math.min(1, Math.max(0, Math.log10(head.x.length / 500) / 2));
  return 2.6 - 1.4 * crowd + (7 - 2 * crowd) * Math.sqrt(Math.min(1, Math.max(0, centrality)));
}
