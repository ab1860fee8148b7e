import type { FlowStepKind } from '$lib/docpack/records';

/** What sort of step it is, where the sentence does not say it or it must be seen at once. */
const LABELS: Readonly<Record<string, [label: string, look: string]>> = {
  raise: ['error', 'border-bad text-bad'],
  dynamic: ['decided at run time', 'border-warn text-warn'],
  uncertain: ['uncertain', 'border-warn text-warn'],
  external: ['outside this code', 'border-line-strong text-ink-2'],
  return: ['ends here', 'border-line-strong text-ink-2']
};

export function stepLabel(kind: FlowStepKind): [label: string, look: string] | null {
  return Object.hasOwn(LABELS, kind) ? LABELS[kind]! : null;
}

/** Lines of one statement that are shown at most. */
const MOST_LINES = 4;

/** The lines of a call that its brackets hold together; a line alone where they do not close soon. */
export function statementLines(lines: readonly string[]): string[] {
  let open = 0;
  for (let n = 0; n < Math.min(lines.length, MOST_LINES); n++) {
    for (const letter of lines[n]!) open += '(['.includes(letter) ? 1 : ')]'.includes(letter) ? -1 : 0;
    if (open <= 0) return lines.slice(0, n + 1);
  }
  return lines.slice(0, 1);
}
