import { expect, test } from 'vitest';
import { slowTextFor } from '../../lib/input/slow-text-for.ts';
import { sampled } from '../support/sized.ts';

test.each(
  sampled(
    ['^(a+)+$', '^(\\w+\\s?)*$', '(x+x+)+y', '^(\\d+,?)+$', '^(a|a)*$', '^((ab)*)*c$', '^([a-z]+)*\\d$', '^(.*a){20}$'],
    8,
  ),
)('%s takes endlessly on some text', { timeout: 120_000 }, (pattern) => {
  const text = slowTextFor(pattern);
  expect(text).not.toBeNull();
});

test.each([
  '^[a-z]+$',
  '^\\d{4}-\\d{2}-\\d{2}$',
  '^[A-Z]{2,3}(-[A-Z0-9]{1,8})*$',
  '^s3://[a-z0-9.-]+/.*$',
  '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$',
  '^(foo|bar)(,(foo|bar))*$',
  'x',
  '[',
])('%s does not', { timeout: 60_000 }, (pattern) => expect(slowTextFor(pattern)).toBeNull());
