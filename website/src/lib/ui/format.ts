const COUNT = new Intl.NumberFormat('en');

export function count(value: number): string {
  return COUNT.format(value);
}

/** `1 symbol`, `2 symbols`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Decimal units, as the command line has them: 1 MB is 1,000,000 bytes. */
export function bytes(value: number): string {
  if (value < 1_000) return `${value} bytes`;
  if (value < 1_000_000) return `${(value / 1_000).toFixed(value < 10_000 ? 1 : 0)} kB`;
  if (value < 1_000_000_000) return `${(value / 1_000_000).toFixed(value < 10_000_000 ? 1 : 0)} MB`;
  return `${(value / 1_000_000_000).toFixed(value < 10_000_000_000 ? 1 : 0)} GB`;
}

export function percent(part: number, whole: number): string {
  if (whole === 0) return 'none';
  const share = (part / whole) * 100;
  if (part === 0 || part === whole) return `${share} %`;
  // As exact above nine tenths as below one, so that what is left of a whole fits to it.
  return share < 0.1
    ? 'under 0.1 %'
    : share > 99.9
      ? 'over 99.9 %'
      : `${share.toFixed(share < 10 || share > 90 ? 1 : 0)} %`;
}

export function words(code: string): string {
  return code.replaceAll('_', ' ');
}
