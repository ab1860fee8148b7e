import Graph from 'graphology';
import Sigma from 'sigma';
import { HOME, type Camera } from './camera';
import { drawOver, drawUnder, sizeOf, type Projection, type Scene } from './overlay';
import { mix } from './palette';
import { PickGrid } from './pick';

export interface MapEvents {
  onselect: (symbol: number) => void;
  onhover: (symbol: number) => void;
  oncluster: (cluster: number) => void;
  oncamera: (camera: Camera) => void;
}

/** How near to a symbol's middle the pointer, or a finger, must be. */
const HOVER_PX = 9;
const TAP_PX = 18;

/**
 * The map: sigma draws the symbols, two canvases of our own what lies under and over them.
 *
 * The graph that sigma is given has no edges. Which edges are drawn depends on what is looked at, and changes with
 * every movement of the pointer; sigma would index all of its items anew each time.
 */
export class PackMap {
  private readonly sigma: Sigma;
  private readonly graph: Graph;
  private readonly under: CanvasRenderingContext2D;
  private readonly over: CanvasRenderingContext2D;
  private readonly events: MapEvents;
  private readonly grid: PickGrid;
  private scene: Scene;
  private frame = 0;
  private hovered = -1;
  private cameraTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly resized: ResizeObserver;

  constructor(
    container: HTMLElement,
    under: HTMLCanvasElement,
    over: HTMLCanvasElement,
    scene: Scene,
    events: MapEvents,
    camera: Camera | null
  ) {
    this.scene = scene;
    this.events = events;
    this.under = under.getContext('2d')!;
    this.over = over.getContext('2d')!;
    this.graph = buildGraph(scene);
    this.sigma = new Sigma(this.graph, container, {
      renderLabels: false,
      renderEdgeLabels: false,
      enableEdgeEvents: false,
      minCameraRatio: 0.004,
      maxCameraRatio: 1.6,
      stagePadding: 24,
      zoomToSizeRatioFunction: sizeRatio,
      // Hovering is drawn on the upper canvas; sigma's own drawing would name the symbol a second time.
      defaultDrawNodeHover: () => undefined,
      labelFont: 'sans-serif'
    });
    this.sigma.setCustomBBox({ x: [0, 1], y: [0, 1] });
    this.sigma.refresh();
    if (camera) this.sigma.getCamera().setState(camera);
    this.sigma.on('afterRender', () => this.draw());
    this.grid = new PickGrid(scene.head.x, scene.head.y);
    this.listen();
    this.sigma.getCamera().on('updated', () => this.announceCamera());
    this.draw();
    // Sigma looks at the window only; a panel that opens makes the map narrower without it.
    this.resized = new ResizeObserver(() => this.sigma.scheduleRender());
    this.resized.observe(container);
  }

  /** Shows another scene over the same symbols; only a change of colours asks sigma to look at them again. */
  update(scene: Scene): void {
    const isRecoloured = scene.cluster !== this.scene.cluster || scene.clusterColors !== this.scene.clusterColors;
    const isGrown = scene.table !== this.scene.table;
    this.scene = scene;
    if (isRecoloured || isGrown) {
      this.graph.updateEachNodeAttributes(
        (node, attributes) => Object.assign(attributes, appearance(scene, Number(node))),
        {
          attributes: ['color', 'size']
        }
      );
    }
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  camera(): Camera {
    const { x, y, ratio } = this.sigma.getCamera().getState();
    return { x, y, ratio };
  }

  setCamera(camera: Camera, isAnimated: boolean): void {
    if (isAnimated) void this.sigma.getCamera().animate(camera, { duration: 260 });
    else this.sigma.getCamera().setState(camera);
  }

  /** Gives the camera that shows a disk of the map. */
  cameraFor(x: number, y: number, radius: number): Camera {
    const view = this.projectionAt(HOME);
    const extent = Math.min(view.width, view.height);
    const ratio = Math.min(1, Math.max(0.004, (radius * 2.3 * view.scale) / extent));
    const at = this.sigma.viewportToFramedGraph(
      { x: x * view.scale + view.left, y: y * view.scale + view.top },
      { cameraState: { ...HOME, angle: 0 } }
    );
    return { x: at.x, y: at.y, ratio };
  }

  /** Finds the nearest symbol in a direction, for arrow keys. */
  nearest(from: number, dx: number, dy: number): number {
    const { x, y } = this.scene.head;
    let best = -1;
    let bestCost = Infinity;
    for (let symbol = 0; symbol < x.length; symbol++) {
      const along = (x[symbol]! - x[from]!) * dx + (y[symbol]! - y[from]!) * dy;
      const across = Math.abs((x[symbol]! - x[from]!) * dy) + Math.abs((y[symbol]! - y[from]!) * dx);
      const cost = along + across * 2.5;
      if (along > 1e-6 && cost < bestCost) [best, bestCost] = [symbol, cost];
    }
    return best;
  }

  destroy(): void {
    this.resized.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.cameraTimer);
    this.sigma.kill();
  }

  /** Takes the place of sigma's own listeners, which read pixels back; its captors still move the camera. */
  private listen(): void {
    const mouse = this.sigma.getMouseCaptor();
    const touch = this.sigma.getTouchCaptor();
    for (const name of [
      'mousemove',
      'mousemovebody',
      'mouseleave',
      'mouseenter',
      'mousedown',
      'mouseup',
      'click',
      'rightClick',
      'doubleClick',
      'wheel'
    ] as const) {
      mouse.removeAllListeners(name);
    }
    for (const name of ['touchdown', 'touchup', 'touchmove', 'tap', 'doubletap'] as const)
      touch.removeAllListeners(name);
    mouse.on('mousemove', ({ x, y }) => this.hover(this.symbolAt(x, y, HOVER_PX)));
    mouse.on('mouseleave', () => this.hover(-1));
    mouse.on('click', ({ x, y }) => this.click(x, y, HOVER_PX));
    touch.on('tap', ({ touches }) => touches[0] && this.click(touches[0].x, touches[0].y, TAP_PX));
  }

  private hover(symbol: number): void {
    if (symbol === this.hovered) return;
    this.hovered = symbol;
    this.events.onhover(symbol);
  }

  private click(x: number, y: number, withinPx: number): void {
    const symbol = this.symbolAt(x, y, withinPx);
    if (symbol >= 0) this.events.onselect(symbol);
    else this.events.oncluster(this.clusterAt(x, y));
  }

  private symbolAt(viewX: number, viewY: number, withinPx: number): number {
    const view = this.projectionAt(null);
    return this.grid.nearest((viewX - view.left) / view.scale, (viewY - view.top) / view.scale, withinPx / view.scale);
  }

  private announceCamera(): void {
    clearTimeout(this.cameraTimer);
    this.cameraTimer = setTimeout(() => this.events.oncamera(this.camera()), 250);
  }

  private clusterAt(viewX: number, viewY: number): number {
    const view = this.projectionAt(null);
    const [x, y] = [(viewX - view.left) / view.scale, (viewY - view.top) / view.scale];
    const inside = this.scene.head.clusters
      .map((cluster, at) => ({ at, radius: cluster.radius, distance: Math.hypot(cluster.x - x, cluster.y - y) }))
      .filter(({ radius, distance }) => distance <= radius);
    inside.sort((a, b) => a.radius - b.radius);
    return inside[0]?.at ?? -1;
  }

  private projectionAt(camera: Camera | null): Projection {
    const override = camera ? { cameraState: { ...camera, angle: 0 } } : {};
    const origin = this.sigma.graphToViewport({ x: 0, y: 1 }, override);
    const corner = this.sigma.graphToViewport({ x: 1, y: 0 }, override);
    const { width, height } = this.sigma.getDimensions();
    const ratio = camera?.ratio ?? this.sigma.getCamera().ratio;
    return {
      scale: corner.x - origin.x,
      left: origin.x,
      top: origin.y,
      width,
      height,
      sizeFactor: 1 / sizeRatio(ratio)
    };
  }

  private draw(): void {
    const view = this.projectionAt(null);
    for (const context of [this.under, this.over]) fit(context, view);
    drawUnder(this.under, this.scene, view);
    drawOver(this.over, this.scene, view);
  }
}

/** How much smaller symbols are drawn at a camera's ratio: they grow more slowly than the map. */
const sizeRatio = (ratio: number) => Math.max(0.3, ratio ** 0.6);

/** Gives the canvas one pixel per pixel of the screen. */
function fit(context: CanvasRenderingContext2D, { width, height }: Projection): void {
  const density = window.devicePixelRatio || 1;
  const { canvas } = context;
  if (canvas.width !== Math.round(width * density) || canvas.height !== Math.round(height * density)) {
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
  }
  context.setTransform(density, 0, 0, density, 0, 0);
}

function buildGraph(scene: Scene): Graph {
  const graph = new Graph();
  const { x, y } = scene.head;
  for (let symbol = 0; symbol < x.length; symbol++) {
    // The map's y runs down, sigma's up. A symbol without a place lies in its cluster's middle.
    const cluster = scene.head.clusters[scene.head.cluster[symbol]!];
    const [px, py] = [
      Number.isNaN(x[symbol]!) ? (cluster?.x ?? 0.5) : x[symbol]!,
      Number.isNaN(y[symbol]!) ? (cluster?.y ?? 0.5) : y[symbol]!
    ];
    graph.addNode(symbol, { x: px, y: 1 - py, ...appearance(scene, symbol) });
  }
  return graph;
}

function appearance(scene: Scene, symbol: number): { color: string; size: number } {
  const cluster = scene.head.cluster[symbol]!;
  const color = scene.clusterColors[cluster] ?? scene.colors.ink3;
  const isDimmed = scene.cluster >= 0 && scene.cluster !== cluster;
  return {
    color: isDimmed ? mix(color, scene.colors.bg, 0.82) : color,
    size: sizeOf(scene.head, scene.table?.centrality[symbol] ?? 0)
  };
}
