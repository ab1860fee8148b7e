import type { SequenceDiagram } from './mermaid';
import { textWidth } from './text-width';

/** A sequence of calls as it is drawn: actors from left to right, calls from top to bottom. */
export interface SequenceLayout {
  width: number;
  height: number;
  actors: { name: string; x: number; width: number }[];
  messages: { label: string; x1: number; x2: number; y: number }[];
  /** Calls that happen under a condition only; neighbours with the same condition share a frame. */
  frames: { condition: string; x: number; y: number; width: number; height: number }[];
}

export const SEQUENCE = { labelPx: 12, actorPx: 12.5, headHeight: 30, rowHeight: 34, loopWidth: 26 };
const PADDING = 12;
const TOP = SEQUENCE.headHeight + 26;
const FRAME_HEAD = 22;

export function layoutSequence({ actors, messages }: SequenceDiagram): SequenceLayout {
  const widths = actors.map((name) => textWidth(name, SEQUENCE.actorPx) + 20);
  const xs = columns(widths, messages);
  const out: SequenceLayout = { width: 0, height: 0, actors: [], messages: [], frames: [] };
  out.actors = actors.map((name, n) => ({ name, x: xs[n]!, width: widths[n]! }));
  let y = TOP;
  let right = Math.max(...xs.map((x, n) => x + widths[n]! / 2));
  messages.forEach(({ from, to, label, condition }, n) => {
    const isNewFrame = condition !== null && condition !== messages[n - 1]?.condition;
    if (isNewFrame) y += FRAME_HEAD;
    const x1 = xs[from]!;
    const x2 = xs[to]!;
    const leftEnd = Math.min(x1, x2);
    const rightEnd = from === to ? x1 + SEQUENCE.loopWidth + textWidth(label, SEQUENCE.labelPx) : Math.max(x1, x2);
    right = Math.max(right, rightEnd + PADDING);
    out.messages.push({ label, x1, x2, y });
    if (condition !== null) {
      if (isNewFrame) {
        const width = textWidth(condition, SEQUENCE.labelPx) + 2 * PADDING;
        out.frames.push({ condition, x: leftEnd - PADDING, y: y - FRAME_HEAD - 18, width, height: 0 });
      }
      const frame = out.frames.at(-1)!;
      const end = Math.max(frame.x + frame.width, rightEnd + PADDING);
      frame.x = Math.min(frame.x, leftEnd - PADDING);
      frame.width = end - frame.x;
      frame.height = y + 12 - frame.y;
      right = Math.max(right, end);
    }
    y += SEQUENCE.rowHeight;
    if (condition !== null && condition !== messages[n + 1]?.condition) y += 6;
  });
  const left = Math.min(0, ...out.frames.map(({ x }) => x));
  for (const actor of out.actors) actor.x -= left;
  for (const frame of out.frames) frame.x -= left;
  for (const message of out.messages) [message.x1, message.x2] = [message.x1 - left, message.x2 - left];
  out.width = right - left + 2;
  out.height = y;
  return out;
}

/** Puts the actors as near to each other as their names and the labels between them allow. */
function columns(widths: readonly number[], messages: SequenceDiagram['messages']): number[] {
  const xs: number[] = [];
  widths.forEach((width, at) => {
    let x = at === 0 ? width / 2 : xs[at - 1]! + widths[at - 1]! / 2 + width / 2 + 28;
    for (const { from, to, label } of messages) {
      const [left, right] = [Math.min(from, to), Math.max(from, to)];
      const room = textWidth(label, SEQUENCE.labelPx) + 24;
      if (left < at && right === at) x = Math.max(x, xs[left]! + room);
      if (from === to && from === at - 1) x = Math.max(x, xs[at - 1]! + SEQUENCE.loopWidth + room);
    }
    xs.push(x);
  });
  return xs;
}
