declare module 'virtual:docs' {
  const pages: import('../scripts/docs').DocPage[];
  export default pages;
}
