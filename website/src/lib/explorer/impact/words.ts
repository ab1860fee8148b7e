import { counted, words } from '$lib/ui/format';

/** A relation below this may be something else. */
export const SURE = 0.95;

const THROUGH: Readonly<Record<string, string>> = {
  calls: 'calls',
  references: 'uses as a value',
  overrides: 'overrides',
  extends: 'extends',
  references_type: 'names the type'
};

const BACKWARDS: Readonly<Record<string, string>> = { calls: 'called by', references: 'used as a value by' };

/** `calls`, or `calls, uncertain (0.60)`; of what is called, `called by`. */
export function throughText(through: string, confidence: number, isCallee = false): string {
  const how = (isCallee ? BACKWARDS[through] : THROUGH[through]) ?? words(through);
  return confidence < SURE ? `${how}, uncertain (${confidence.toFixed(2)})` : how;
}

/** `product 3, test 41`. */
export function rolesText(roles: readonly (readonly [role: string, n: number])[]): string {
  return roles.map(([role, n]) => `${PLURAL[role] ?? words(role)} ${n}`).join(', ');
}

const PLURAL: Readonly<Record<string, string>> = { test: 'tests', example: 'examples', benchmark: 'benchmarks' };

export function steps(depth: number): string {
  return `${counted(depth, 'step')} away`;
}
