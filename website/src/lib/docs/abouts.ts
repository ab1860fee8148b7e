/** What a page is for, as the list of pages says it, by slug. */
export const ABOUTS: Readonly<Record<string, string>> = {
  install: 'Get the program on Linux, macOS or Windows.',
  'quick-start': 'Build your first pack and open it in a browser.',
  explore: 'Find your way: the guide, the map, symbols, files and search.',
  query: 'Ask a pack from the terminal or from a program: callers, impact, paths, search.',
  share: 'Pass a pack on as one web page, or publish it.',
  accounts: 'Sign in, keep a library, share packs by link, withdraw a repository, make keys.',
  summaries: 'Where summaries come from, and how to have a language model write them.',
  faq: 'Languages, privacy, limits and what Doctown does not do.',
  cli: 'The commands, by what you want to do.',
  'cli-reference': 'Every command and flag.',
  api: 'Start jobs, follow them and read packs over HTTP.',
  format: 'What is in a .docpack file and how to read one.',
  docpack: 'The format in full: every entry, field and rule.',
  operate: 'Run Doctown as a service for others.',
  infra: 'Deploy it to a cloud account.',
  images: 'The container images and what they hold.',
  'api-server': 'Settings and behaviour of the API server.'
};
