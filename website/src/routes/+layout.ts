// A static build: pages are drawn in the browser, whatever serves the files.
export const ssr = false;
export const prerender = false;
