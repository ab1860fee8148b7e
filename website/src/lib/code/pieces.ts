import type { CodeMark } from '$lib/docpack/source';
import type { Look, Token } from './highlight';

/** Consecutive characters of a line that look alike and mean the same. */
export interface CodePiece {
  text: string;
  look: Look | null;
  mark: CodeMark | null;
}

/** Divides a line where a token or a mark begins or ends; neither list overlaps itself. */
export function codePieces(line: string, tokens: readonly Token[], marks: readonly CodeMark[]): CodePiece[] {
  const cuts = new Set([0, line.length]);
  for (const { from, to } of [...tokens, ...marks]) {
    if (from < line.length) cuts.add(from);
    if (to < line.length) cuts.add(to);
  }
  const places = [...cuts].sort((a, b) => a - b);
  const pieces: CodePiece[] = [];
  for (let n = 0; n + 1 < places.length; n++) {
    const [start, end] = [places[n]!, places[n + 1]!];
    const covers = ({ from, to }: { from: number; to: number }) => from <= start && to >= end;
    const mark = marks.find(covers) ?? null;
    const look = tokens.find(covers)?.look ?? null;
    const last = pieces.at(-1);
    // A name that is one link is one piece, whatever the parser makes of it.
    if (last && last.mark === mark && (mark !== null || last.look === look)) last.text += line.slice(start, end);
    else pieces.push({ text: line.slice(start, end), look, mark });
  }
  return pieces;
}
