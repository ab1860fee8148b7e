/** A piece of repository text: plain, or code between backticks. */
export interface Piece {
  text: string;
  isCode: boolean;
}

/** Divides text at backticks, `once` or ``twice``; nothing else of any markup means anything. */
export function pieces(text: string): Piece[] {
  return text
    .split(/(``[^`]+``|`[^`\n]+`)/)
    .filter((part) => part !== '')
    .map((part) => {
      const code = /^(`{1,2})([^`]+)\1$/.exec(part);
      return code ? { text: code[2]!, isCode: true } : { text: part, isCode: false };
    });
}

/** Lines that mean something by themselves: indented, lists, tables, fences, examples, headings, fields. */
const OWN_LINE = /^(\s|[-*+#>|:@]|\d+[.)]\s|```|={3,}|-{3,})/;

/** Joins the lines of each paragraph that were only broken to fit a screen; lists and code stay as they are. */
export function reflow(text: string): string {
  let isFenced = false;
  return text
    .split(/\n[ \t]*\n+/)
    .map((paragraph) => {
      const lines = paragraph.split('\n');
      const fences = lines.filter((line) => line.trimStart().startsWith('```')).length;
      const keeps = isFenced || fences > 0 || lines.slice(1).some((line) => OWN_LINE.test(line));
      if (fences % 2 === 1) isFenced = !isFenced;
      return keeps ? paragraph : lines.join(' ');
    })
    .join('\n\n');
}

/** Takes away the indentation that all lines with text have in common. */
export function dedented(lines: readonly string[]): string[] {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)![0]);
  const common = indents.reduce((shared, indent) => {
    let length = 0;
    while (length < shared.length && shared[length] === indent[length]) length++;
    return shared.slice(0, length);
  }, indents[0] ?? '');
  return lines.map((line) => (line.startsWith(common) ? line.slice(common.length) : line.trimStart()));
}
