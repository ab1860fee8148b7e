/** Lines that are shown together, both ends included, and those of them that are pointed at. */
export interface Window {
  first: number;
  last: number;
  marked: number[];
}

/** Gives the lines around each of some lines; what overlaps or touches is one window. */
export function windowsAround(lines: readonly number[], context: number): Window[] {
  const windows: Window[] = [];
  for (const line of [...new Set(lines)].sort((a, b) => a - b)) {
    const open = windows.at(-1);
    const first = Math.max(1, line - context);
    if (open && first <= open.last + 1) {
      open.last = line + context;
      open.marked.push(line);
    } else windows.push({ first, last: line + context, marked: [line] });
  }
  return windows;
}
