import type { StageName } from './stage-starts';

/** What a stage does, for somebody who has never seen one. */
export const STAGES: Readonly<Record<StageName, { title: string; about: string }>> = {
  ingest: {
    title: 'Read the source',
    about: 'Fetches the repository, parses every file and lists its functions, types and other symbols.'
  },
  embed: {
    title: 'Compute embeddings',
    about: 'Turns pieces of code into vectors, so that code with a similar meaning can be found.'
  },
  assemble: {
    title: 'Connect the symbols',
    about: 'Resolves calls and imports, and groups symbols that belong together.'
  },
  generate: {
    title: 'Write summaries',
    about: 'Summarises symbols from their comments and facts, or with the language model that was chosen.'
  },
  pack: {
    title: 'Write the pack',
    about: 'Checks every reference and saves the result as one file.'
  }
};
