import { highlightTree, tagHighlighter, tags } from '@lezer/highlight';
import type { Parser, Tree } from '@lezer/common';
import { parser as go } from '@lezer/go';
import { parser as javascript } from '@lezer/javascript';
import { parser as python } from '@lezer/python';
import { parser as rust } from '@lezer/rust';
import type { Dialect, Look, Token } from './highlight';

// This file is a chunk of its own: it is brought when code is first shown.

const PARSERS: Record<Dialect, Parser> = {
  python,
  go,
  rust,
  javascript: javascript.configure({ dialect: 'jsx' }),
  typescript: javascript.configure({ dialect: 'ts' }),
  tsx: javascript.configure({ dialect: 'ts jsx' })
};

const look = (tag: Parameters<typeof tagHighlighter>[0][number]['tag'], name: Look) => ({ tag, class: name });
const HIGHLIGHTER = tagHighlighter([
  look([tags.comment, tags.lineComment, tags.blockComment, tags.docComment, tags.meta], 'comment'),
  look([tags.keyword, tags.modifier, tags.operatorKeyword, tags.self, tags.null, tags.bool, tags.atom], 'keyword'),
  look([tags.string, tags.special(tags.string), tags.regexp, tags.character, tags.attributeValue], 'string'),
  look([tags.number, tags.escape], 'number'),
  look([tags.typeName, tags.className, tags.namespace, tags.tagName], 'type'),
  look(
    [
      tags.definition(tags.variableName),
      tags.function(tags.definition(tags.variableName)),
      tags.definition(tags.propertyName),
      tags.function(tags.variableName),
      tags.function(tags.propertyName),
      tags.macroName
    ],
    'name'
  )
]);

/** A turn of parsing takes so long before the page gets its own. */
const TURN_MS = 8;

/** Parses in turns, so that a long file keeps nobody waiting; `isWanted` ends it early. */
export async function parse(text: string, dialect: Dialect, isWanted: () => boolean): Promise<Tree | null> {
  const parsing = PARSERS[dialect].startParse(text);
  for (;;) {
    const end = performance.now() + TURN_MS;
    do {
      const tree = parsing.advance();
      if (tree) return tree;
    } while (performance.now() < end);
    await new Promise((next) => setTimeout(next, 0));
    if (!isWanted()) return null;
  }
}

/** Gives the tokens between two places of the text. */
export function tokensOf(tree: Tree, from: number, to: number): Token[] {
  const tokens: Token[] = [];
  highlightTree(
    tree,
    HIGHLIGHTER,
    (start, end, look) => tokens.push({ from: start, to: end, look: look as Look }),
    from,
    to
  );
  return tokens;
}
