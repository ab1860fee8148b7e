/** The diagrams that a tour writes, read from their Mermaid text. */
export type Parsed = Flowchart | ClassDiagram | SequenceDiagram;

export interface Flowchart {
  kind: 'flowchart';
  boxes: { label: string; isFolder: boolean }[];
  arrows: { from: number; to: number; label: string }[];
}

export interface ClassDiagram {
  kind: 'classes';
  classes: { name: string; members: string[] }[];
  /** `extends` points from a type to its base, `holds` to the type of a field. */
  arrows: { from: number; to: number; how: 'extends' | 'holds' }[];
}

export interface SequenceDiagram {
  kind: 'sequence';
  actors: string[];
  messages: { from: number; to: number; label: string; condition: string | null }[];
}

/** A tour's longest diagram has some 200 lines; a longer text is not drawn. */
const MAX_LINES = 1_000;
const MAX_CHARS = 100_000;

/** Reads a diagram; null for a text outside of the subset that tours use. */
export function parseMermaid(text: string): Parsed | null {
  if (text.length > MAX_CHARS) return null;
  const [first, ...lines] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0 || lines.length > MAX_LINES) return null;
  if (first === 'flowchart TD') return parseFlowchart(lines);
  if (first === 'classDiagram') return parseClasses(lines);
  return first === 'sequenceDiagram' ? parseSequence(lines) : null;
}

/** `#58;` stands for a colon. */
function decoded(label: string): string {
  return label.replace(/#(\d{1,7});/g, (whole, code: string) => {
    const point = Number(code);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

function parseFlowchart(lines: readonly string[]): Flowchart | null {
  const names = new Map<string, number>();
  const out: Flowchart = { kind: 'flowchart', boxes: [], arrows: [] };
  for (const line of lines) {
    const box = /^(p\d+)(?:\["(.*)"\]|\(\["(.*)"\]\))$/.exec(line);
    const arrow = /^(p\d+) -->(?:\|(.*)\|)? (p\d+)$/.exec(line);
    if (box) {
      names.set(box[1]!, out.boxes.length);
      out.boxes.push({ label: decoded(box[2] ?? box[3]!), isFolder: box[2] === undefined });
    } else if (arrow) {
      const [from, to] = [names.get(arrow[1]!), names.get(arrow[3]!)];
      if (from === undefined || to === undefined) return null;
      out.arrows.push({ from, to, label: decoded(arrow[2] ?? '') });
    } else return null;
  }
  return out;
}

function parseClasses(lines: readonly string[]): ClassDiagram | null {
  const names = new Map<string, number>();
  const out: ClassDiagram = { kind: 'classes', classes: [], arrows: [] };
  for (const line of lines) {
    const type = /^class (c\d+)\["(.*)"\]$/.exec(line);
    const member = /^(c\d+) : (.*)$/.exec(line);
    const arrow = /^(c\d+) (<\|--|-->) (c\d+)$/.exec(line);
    if (type) {
      names.set(type[1]!, out.classes.length);
      out.classes.push({ name: decoded(type[2]!), members: [] });
    } else if (member && names.has(member[1]!)) {
      out.classes[names.get(member[1]!)!]!.members.push(decoded(member[2]!));
    } else if (arrow) {
      const [left, right] = [names.get(arrow[1]!), names.get(arrow[3]!)];
      if (left === undefined || right === undefined) return null;
      out.arrows.push(
        arrow[2] === '-->' ? { from: left, to: right, how: 'holds' } : { from: right, to: left, how: 'extends' }
      );
    } else return null;
  }
  return out;
}

function parseSequence(lines: readonly string[]): SequenceDiagram | null {
  const names = new Map<string, number>();
  const out: SequenceDiagram = { kind: 'sequence', actors: [], messages: [] };
  let condition: string | null = null;
  for (const line of lines) {
    const actor = /^participant (a\d+) as (.*)$/.exec(line);
    const message = /^(a\d+)->>(a\d+): (.*)$/.exec(line);
    const start = /^opt (.*)$/.exec(line);
    if (actor) {
      names.set(actor[1]!, out.actors.length);
      out.actors.push(decoded(actor[2]!));
    } else if (message) {
      const [from, to] = [names.get(message[1]!), names.get(message[2]!)];
      if (from === undefined || to === undefined) return null;
      out.messages.push({ from, to, label: decoded(message[3]!), condition });
    } else if (start && condition === null) condition = decoded(start[1]!);
    else if (line === 'end' && condition !== null) condition = null;
    else return null;
  }
  return condition === null ? out : null;
}

/** Says in sentences what a diagram shows, for those who cannot see it. */
export function sentences(diagram: Parsed): string[] {
  switch (diagram.kind) {
    case 'flowchart':
      return diagram.arrows.map(({ from, to, label }) => {
        const uses = `${diagram.boxes[from]!.label} uses ${diagram.boxes[to]!.label}`;
        return label === '' ? uses : `${uses}: ${label}`;
      });
    case 'classes':
      return [
        ...diagram.classes.map(({ name, members }) => (members.length > 0 ? `${name}: ${members.join(', ')}` : name)),
        ...diagram.arrows.map(
          ({ from, to, how }) => `${diagram.classes[from]!.name} ${how} ${diagram.classes[to]!.name}`
        )
      ];
    case 'sequence':
      return diagram.messages.map(({ from, to, label, condition }) => {
        const call = `${diagram.actors[from]!} calls ${label} of ${diagram.actors[to]!}`;
        return condition === null ? call : `${condition}: ${call}`;
      });
  }
}
