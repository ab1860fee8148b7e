declare module 'virtual:docs' {
  const pages: import('../scripts/docs').DocPage[];
  export default pages;
}
declare module 'virtual:examples' {
  /** By the address of a shipped pack. */
  const facts: Record<string, import('./lib/site/example-facts').ExampleFacts>;
  export default facts;
}
