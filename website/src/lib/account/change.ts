/** Does something, then shows what has changed; a failure is shown on the page, and the answer is false. */
export type Change = (work: () => Promise<unknown>) => Promise<boolean>;
