import type { CodeMark } from '$lib/docpack/source';
import { counted } from '$lib/ui/format';

/** Says how sure it is that a name means what its link leads to. */
export function certainty({ kind, targets }: CodeMark): string {
  const [first, ...others] = targets;
  if (kind === 'declaration' || !first) return 'Defined here';
  const share = `${Math.round(first.confidence * 100)} %`;
  if (kind === 'uncertain') {
    return others.length === 0
      ? `Uncertain: this is the likeliest target, at ${share}`
      : `Uncertain: one of ${targets.length} possible targets, this one at ${share}`;
  }
  const what = kind === 'call' ? 'Calls this' : 'Means this';
  const how = first.isFollowed ? 'found by following values, ' : '';
  const more = others.length > 0 ? `; may reach ${counted(others.length, 'other')} too:` : '';
  return first.confidence >= 0.995 ? `${what}, certain${more}` : `${what}, ${how}${share} sure${more}`;
}
