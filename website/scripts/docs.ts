import MarkdownIt from 'markdown-it';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { DEVELOPERS } from '../src/lib/docs/parts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The pages, in the order of the navigation, named by their title unless a name is given; a missing file is left out. */
const PAGES: readonly [slug: string, path: string, part: string, name?: string][] = [
  ['install', 'website/docs/install.md', 'Guide'],
  ['quick-start', 'website/docs/quick-start.md', 'Guide'],
  ['explore', 'website/docs/explore.md', 'Guide'],
  ['query', 'website/docs/query.md', 'Guide'],
  ['share', 'website/docs/share.md', 'Guide'],
  ['accounts', 'website/docs/accounts.md', 'Guide'],
  ['summaries', 'website/docs/summaries.md', 'Guide', 'Summaries'],
  ['faq', 'website/docs/faq.md', 'Guide'],
  ['cli', 'website/docs/cli.md', 'Reference'],
  ['cli-reference', 'website/docs/cli-reference.md', 'Reference'],
  ['api', 'website/docs/api.md', 'Reference'],
  ['format', 'website/docs/format.md', 'Reference'],
  ['docpack', 'common/docpack/README.md', 'Reference', 'Format specification'],
  ['operate', 'website/docs/operate.md', 'Operate', 'Run a server'],
  ['infra', 'infra/README.md', 'Operate'],
  ['images', 'dockerfiles/README.md', 'Operate'],
  ['api-server', 'functions/trigger/README.md', 'Operate', 'API server'],
  ['readme', 'README.md', DEVELOPERS, 'README'],
  ['architecture', 'ARCHITECTURE.md', DEVELOPERS],
  ['website', 'website/README.md', DEVELOPERS],
  ['source', 'common/source/README.md', DEVELOPERS],
  ['parse', 'common/parse/README.md', DEVELOPERS],
  ['graph', 'common/graph/README.md', DEVELOPERS],
  ['query-crate', 'common/query/README.md', DEVELOPERS],
  ['embed', 'common/embed/README.md', DEVELOPERS],
  ['llm', 'common/llm/README.md', DEVELOPERS],
  ['writing', 'common/writing/README.md', DEVELOPERS],
  ['insight', 'common/insight/README.md', DEVELOPERS],
  ['pipeline', 'common/pipeline/README.md', DEVELOPERS],
  ['runtime', 'common/runtime/README.md', DEVELOPERS],
  ['tests', 'tests/README.md', DEVELOPERS],
  ['truth', 'tests/truth/README.md', DEVELOPERS],
  ['faults', 'tests/faults/README.md', DEVELOPERS],
  ['bench', 'tests/bench/README.md', DEVELOPERS],
  ['fuzz', 'tests/fuzz/README.md', DEVELOPERS]
];

/** A page of the documentation, as the navigation knows it. */
export interface DocPage {
  slug: string;
  part: string;
  title: string;
  /** Short form of the title for the navigation. */
  name: string;
  headings: { id: string; depth: number; text: string }[];
}

export interface RenderedPage extends DocPage {
  html: string;
}

const ID = 'virtual:docs';

/** Marks a picture whose address the bundler decides. */
const PICTURE = (n: number) => `@PICTURE_${n}@`;

/**
 * Publishes the user documentation and the repository's READMEs; HTML in them is escaped.
 *
 * `virtual:docs` lists the pages; the text of each is a module of its own, `virtual:docs/SLUG`.
 */
export function docs(): Plugin {
  return {
    name: 'docs',
    resolveId: (source) => (source === ID || source.startsWith(`${ID}/`) ? `\0${source}` : null),
    load(loaded) {
      if (!loaded.startsWith(`\0${ID}`)) return null;
      for (const [, path] of PAGES) if (existsSync(join(ROOT, path))) this.addWatchFile(join(ROOT, path));
      const slug = loaded.slice(ID.length + 2);
      return slug === '' ? listModule() : textModule(slug);
    }
  };
}

function listModule(): string {
  const pages = renderAll([]).map(({ slug, part, title, name, headings }) => ({ slug, part, title, name, headings }));
  const texts = pages.map(({ slug }) => `  ${JSON.stringify(slug)}: () => import(${JSON.stringify(`${ID}/${slug}`)})`);
  return [
    `export default ${JSON.stringify(pages)};`,
    `const texts = {\n${texts.join(',\n')}\n};`,
    'export const textOf = async (slug) => (await texts[slug]()).default;'
  ].join('\n');
}

function textModule(slug: string): string {
  const [, path] = PAGES.find(([name]) => name === slug)!;
  const pictures: string[] = [];
  const { html } = render(path, pictures);
  return [
    ...pictures.map((picture, n) => `import p${n} from ${JSON.stringify(`${picture}?url`)};`),
    `const pictures = [${pictures.map((_, n) => `p${n}`)}];`,
    `export default ${JSON.stringify(html)}.replace(/@PICTURE_(\\d+)@/g, (_, n) => pictures[n]);`
  ].join('\n');
}

/** Renders every page that exists; paths of pictures are added to the list. */
export function renderAll(pictures: string[]): RenderedPage[] {
  return PAGES.filter(([, path]) => existsSync(join(ROOT, path))).map(([slug, path, part, name]) => {
    const page = render(path, pictures);
    return { slug, part, name: name ?? page.title, ...page };
  });
}

function render(path: string, pictures: string[]): Pick<RenderedPage, 'title' | 'html' | 'headings'> {
  const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
  const tokens = markdown.parse(readFileSync(join(ROOT, path), 'utf8'), {});
  const headings: DocPage['headings'] = [];
  const ids = new Set<string>();
  tokens.forEach((token, at) => {
    // The policy lets no element bring a style of its own.
    token.attrs = token.attrs?.filter(([name]) => name !== 'style') ?? null;
    if (token.type === 'heading_open') {
      const text = plain(tokens[at + 1]?.children ?? []);
      const heading = idOf(text, ids);
      token.attrSet('id', heading);
      headings.push({ id: heading, depth: Number(token.tag.slice(1)), text });
    }
    const open: Token[] = [];
    for (const child of token.children ?? []) {
      mend(child, path, pictures);
      // A link that became plain text ends as it began.
      if (child.type === 'link_open') open.push(child);
      if (child.type === 'link_close') child.tag = open.pop()?.tag ?? 'a';
    }
  });
  // Regions need names that differ: a table's is its place on the page.
  markdown.renderer.rules.table_open = (tokens, at) => {
    const place = tokens.slice(0, at + 1).filter(({ type }) => type === 'table_open').length;
    return `<div class="doc-table" tabindex="0" role="region" aria-label="Table ${place}"><table>`;
  };
  markdown.renderer.rules.table_close = () => '</table></div>';
  // The button works once the page is shown; see DocText.svelte.
  const block = (html: string) =>
    `<div class="code-block">${html.replace('<pre>', '<pre tabindex="0">')}<button type="button" class="copy">Copy</button></div>`;
  const indented = markdown.renderer.rules.code_block!;
  markdown.renderer.rules.code_block = (...given) => block(indented(...given));
  const fenced = markdown.renderer.rules.fence!;
  markdown.renderer.rules.fence = (...given) => block(fenced(...given));
  const html = markdown.renderer.render(tokens, markdown.options, {});
  return { title: headings[0]?.text ?? basename(dirname(path)), html, headings: headings.slice(1) };
}

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number];

/** Points links between pages to their addresses on the site, and adds pictures to the build. */
function mend(token: Token, from: string, pictures: string[]): void {
  if (token.type === 'image') {
    const file = join(ROOT, dirname(from), String(token.attrGet('src') ?? ''));
    if (!existsSync(file) || relative(ROOT, file).startsWith('..')) return token.attrSet('src', 'data:,');
    pictures.push(file);
    token.attrSet('src', PICTURE(pictures.length - 1));
    token.attrSet('loading', 'lazy');
    return;
  }
  if (token.type !== 'link_open') return;
  const [target = '', anchor] = String(token.attrGet('href') ?? '').split('#');
  if (/^[a-z][a-z+.-]*:/i.test(target) || target.startsWith('/')) return;
  const path = target === '' ? from : posix.normalize(posix.join(posix.dirname(from), target));
  const page = PAGES.find(([, file]) => file === path || file === `${path.replace(/\/$/, '')}/README.md`);
  // Any other target is a file of the repository, which the site does not have.
  if (page) token.attrSet('href', `/docs/${page[0]}${anchor ? `#${anchor}` : ''}`);
  else {
    token.attrs = [['title', `${path} in the repository`]];
    token.tag = 'span';
  }
}

function plain(children: readonly Token[]): string {
  return children
    .filter(({ type }) => type === 'text' || type === 'code_inline')
    .map(({ content }) => content)
    .join('');
}

/** As GitHub names headings, so that links that work there work here. */
function idOf(text: string, taken: Set<string>): string {
  const base = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
  let id = base;
  for (let n = 1; taken.has(id); n++) id = `${base}-${n}`;
  taken.add(id);
  return id;
}
