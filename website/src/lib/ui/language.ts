const NAMES: Readonly<Record<string, string>> = {
  rust: 'Rust',
  python: 'Python',
  typescript: 'TypeScript',
  javascript: 'JavaScript',
  go: 'Go'
};

/** Spells a language as its users do; an unknown one is shown as it is. */
export function languageName(word: string): string {
  return Object.hasOwn(NAMES, word) ? NAMES[word]! : word;
}
