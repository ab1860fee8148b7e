import type { ItemKind, Lack } from '$lib/ask/answer';

export const HEADINGS: Readonly<Record<ItemKind, string>> = {
  passage: 'In the authors’ words',
  flow: 'What happens, step by step',
  symbol: 'In the code',
  statement: 'From the guide'
};

const LACKS: Readonly<Record<Lack, string>> = {
  bodies: 'This pack does not say what bodies do. A pack that is built again has conditions and errors too.',
  tour: 'This pack has no guide. A pack that is built again has flows too.',
  source: 'This pack holds no source text, so documents are known by their headings only.'
};

export const lackText = (lack: Lack) => LACKS[lack];
