/** Writes a day out: `1 December 2026`. */
export const day = (time: string) =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(time)
  );

/** Writes a day of this year: `1 December`. */
export const dayOfYear = (time: string) =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(new Date(time));

/** Writes a moment out: `1 December, 03:12 UTC`. */
export const moment = (time: string) =>
  `${new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(new Date(time)).replace(' at ', ', ')} UTC`;
