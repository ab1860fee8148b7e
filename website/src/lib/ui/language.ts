const NAMES: Readonly<Record<string, string>> = { rust: 'Rust', python: 'Python', typescript: 'TypeScript', javascript: 'JavaScript', go: 'Go' };

/** Writes a language as its people do; one that is not known stands for itself. */
export function languageName(word: string): string {
  return NAMES[word] ?? word;
}
