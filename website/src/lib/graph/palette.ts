/** Neighbouring numbers get hues far apart: the golden angle, in degrees. */
const GOLDEN_ANGLE = 137.508;

export type Theme = 'light' | 'dark';

/** Gives a cluster's colour: equal lightness and strength for all, so that none seems to matter more. */
export function clusterColor(cluster: number, theme: Theme): string {
  if (cluster < 0) return theme === 'dark' ? '#6b7380' : '#9aa1ab';
  const lighter = cluster % 3 === 2 ? 0.08 : 0;
  const lightness = theme === 'dark' ? 0.72 + lighter : 0.56 + lighter;
  return oklch(lightness, 0.115, (255 + cluster * GOLDEN_ANGLE) % 360);
}

/** Converts OKLCH to `#rrggbb`: a canvas and WebGL want sRGB. */
export function oklch(lightness: number, chroma: number, hue: number): string {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s
  ];
  return `#${linear.map(channel).join('')}`;
}

function channel(linear: number): string {
  const bounded = Math.min(1, Math.max(0, linear));
  const encoded = bounded <= 0.0031308 ? bounded * 12.92 : 1.055 * bounded ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255)
    .toString(16)
    .padStart(2, '0');
}

/** Mixes two colours; `share` is that of the second. */
export function mix(first: string, second: string, share: number): string {
  const [a, b] = [channels(first), channels(second)];
  return `#${a
    .map((value, at) =>
      Math.round(value + (b[at]! - value) * share)
        .toString(16)
        .padStart(2, '0')
    )
    .join('')}`;
}

/** Reads `#rrggbb` or `#rgb`: a minified style sheet shortens what it can. */
function channels(color: string): number[] {
  const digits =
    color.length === 4
      ? [...color.slice(1)].map((digit) => digit + digit)
      : [color.slice(1, 3), color.slice(3, 5), color.slice(5, 7)];
  return digits.map((pair) => parseInt(pair, 16));
}
