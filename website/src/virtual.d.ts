declare module 'virtual:docs' {
  const pages: import('../scripts/docs').DocPage[];
  export default pages;
  /** Loads the HTML of a page. */
  export function textOf(slug: string): Promise<string>;
}
declare module 'virtual:examples' {
  /** By the address of a shipped pack. */
  const facts: Record<string, import('./lib/site/example-facts').ExampleFacts>;
  export default facts;
}
