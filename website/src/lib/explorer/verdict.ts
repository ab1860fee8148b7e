/** Says how far words by a language model can be believed; nothing of other words. */
export function writtenBy(verdict: string): string | undefined {
  if (verdict === 'verified') return 'Statements chosen by a language model, each checked against the code';
  if (verdict === 'unchecked') return 'Written by a language model; not checked';
  return undefined;
}
