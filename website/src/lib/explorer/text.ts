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
