/** The part of the navigation that lists the READMEs of the code. */
export const DEVELOPERS = 'For developers';
