import { describe, expect, test } from 'vitest';
import { checkTogether, type NamedTemplate } from '../../../lib/compiler/checks/check-together.ts';
import { stackName } from '../../../lib/config/stack-names.ts';

const named = (name: string, environments: readonly string[] = [], file = `${name}.yaml`): NamedTemplate => ({
  file,
  name,
  span: { file, line: 1, column: 7, endLine: 1, endColumn: 7 + name.length },
  environments,
});

const found = (...templates: NamedTemplate[]) =>
  checkTogether(templates).map(({ code, span, message }) => `${span.file} ${code} ${message}`);

describe('names of templates beside each other', () => {
  test.each([
    ['different names', named('orders', ['staging', 'prod']), named('users', ['staging'])],
    ['an environment in front of another name', named('orders', ['staging']), named('staging-orders')],
    ['the same the other way round', named('customer_analytics'), named('analytics', ['customer'])],
  ])('%s stand side by side, and so do their stacks', (_, one, other) => {
    expect(found(one, other)).toEqual([]);
    const stacks = [one, other, named('shared', ['staging', 'prod', 'customer'])].flatMap(({ name, environments }) =>
      [null, ...environments].map((environment) => stackName(name, { prefix: 'daybreak', environment }).toLowerCase()),
    );
    expect(new Set(stacks).size).toBe(stacks.length);
  });

  test.each([
    ['one name twice', named('same'), named('same', [], 'other.yaml'), 'occurs twice'],
    ['names that differ in - and _', named('orders-x'), named('orders_x'), 'are one name to AWS'],
    ['names that differ in a hyphen at the end', named('orders'), named('orders-'), 'are one name to AWS'],
    ['names that differ in case', named('orders'), named('Orders'), 'are one name to AWS'],
  ])('%s: one of them has to be renamed', (_, one, other, message) => {
    expect(found(one, other)).toEqual([expect.stringMatching(`^${other.file} DUPLICATE_PIPELINE .*${message}`)]);
    const folded = (name: string) => stackName(name, { prefix: 'daybreak', environment: null }).toLowerCase();
    expect(folded(one.name)).toBe(folded(other.name));
  });

  test('names of environments differ by their letters and digits only', () => {
    expect(found(named('a', ['pre_prod']), named('b', ['pre-prod']))).toEqual([
      expect.stringContaining('the environments "pre-prod" and "pre_prod" are one name'),
    ]);
  });

  test.each(['shared', 'sources', 'Shared', 'shared_'])('%s is reserved', (name) => {
    expect(found(named(name))).toEqual([expect.stringMatching(`BAD_NAME the name "${name}" is reserved`)]);
  });
});
