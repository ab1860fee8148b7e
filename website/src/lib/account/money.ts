/** An amount in the smallest unit of its currency, as people write it: `$19.00`. */
export function money(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: currency.toUpperCase() });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** What a price is for: `a month`, `every 3 months`. */
export function every(period: string, nPeriods: number): string {
  return nPeriods === 1 ? `a ${period}` : `every ${nPeriods} ${period}s`;
}
