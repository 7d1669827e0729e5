import { expect, test } from 'vitest';
import { checkHandlerConfig } from '../../../lib/compiler/checks/check-handler-config.ts';
import { parse } from '../template/parse.ts';

const found = (keys: string, defaults = '{}'): string[] => {
  const parsed = parse(`name: p\ndefaults: ${defaults}\nsteps:\n  - name: a\n    handler_class: A\n${keys}\n`);
  expect(parsed.codes).toEqual([]);
  const said: string[] = [];
  if (parsed.template)
    checkHandlerConfig(parsed.template, ({ code, span, message }) =>
      said.push(`${code} ${span.line}:${span.column} ${message}`),
    );
  return said;
};

test('a time-out and a backoff in handler_config change nothing, and the message says what holds', () => {
  const said = found(
    '    handler_config:\n      timeout_seconds: 2700\n      retry_backoff: exponential\n      batch: 5',
  );
  expect(said).toEqual([
    expect.stringMatching(
      /^NO_EFFECT 7:24 "timeout_seconds" .* effective time-out is 15m; write "timeout_seconds" beside/,
    ),
    expect.stringMatching(/^NO_EFFECT 8:22 "retry_backoff" .* effective backoff is exponential/),
  ]);
});

test.each([
  ['    timeout: 45m\n    handler_config: { timeout_seconds: 2700 }', '{}'],
  ['    handler_config: { timeout_seconds: 2700 }', '{ timeout: 45m }'],
  ['    retry_limit: 2\n    handler_config: { retry_limit: 5 }', '{}'],
  ['    handler_config: { url: x }', '{}'],
])('a step that gives the key itself has no diagnostic: %s', (keys, defaults) => {
  expect(found(keys, defaults)).toEqual([]);
});

test("initialization is the handler's alone", () => {
  const { template } = parse(
    'name: p\nsteps:\n  - { name: a, handler: { callable: a, initialization: { timeout: 5 } } }\n',
  );
  const said: unknown[] = [];
  if (template) checkHandlerConfig(template, (one) => said.push(one));
  expect(said).toEqual([]);
});
