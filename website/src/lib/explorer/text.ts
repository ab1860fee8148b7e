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
