import { describe, expect, test } from 'vitest';
import { prefixPattern } from '../../lib/config/config.ts';
import { stackName } from '../../lib/config/stack-names.ts';

const words = ['a', 'a_b', 'a.b', 'a--b', 'b', 'customer', 'analytics', 'customer_analytics', 'shared', '_a', 'b-'];

describe('the name of a stack', () => {
  test('is the prefix and the pipeline, with the environment between them', () => {
    expect(stackName('customer_analytics', { prefix: 'daybreak', environment: null })).toBe(
      'daybreak-customer-analytics',
    );
    expect(stackName('analytics', { prefix: 'daybreak', environment: 'customer' })).toBe(
      'daybreak-customer--analytics',
    );
  });

  test('takes only names that CloudFormation takes', () => {
    for (const part of words) {
      for (const environment of [null, ...words]) {
        expect(stackName(part, { prefix: 'daybreak', environment })).toMatch(/^[A-Za-z][A-Za-z0-9-]{0,127}$/);
      }
    }
  });

  test('never stands for two environments', () => {
    const environmentOf = new Map<string, string | null>();
    for (const part of words) {
      for (const environment of [null, ...words]) {
        const plain = environment?.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') ?? null;
        const name = stackName(part, { prefix: 'daybreak', environment });
        expect(environmentOf.get(name) ?? plain, name).toBe(plain);
        environmentOf.set(name, plain);
      }
    }
  });

  test('begins with a prefix that no hyphen can stretch into a name', () => {
    expect(['daybreak', 'teamA', 'x'].every((prefix) => prefixPattern.test(prefix))).toBe(true);
    expect(['', 'a-b', '1a', 'a b', 'a_b', 'x'.repeat(31)].some((prefix) => prefixPattern.test(prefix))).toBe(false);
  });
});
