import { expect, test } from 'vitest';
import { parse } from './parse.ts';

/** In the form of the Rails gem, with everything that its templates have. */
const old = `---
name: integration_example
module_namespace: ApiTask
task_handler_class: IntegrationExample
concurrent: true
namespace_name: api_tests
version: 0.1.0
default_dependent_system: ecommerce_system
named_steps:
  - fetch_cart
  - validate_products
schema:
  type: object
  required: [cart_id]
  properties:
    cart_id: { type: integer }
step_templates:
  - name: fetch_cart
    description: Fetch cart details
    dependent_system: shop
    handler_class: ApiTask::StepHandler::CartFetchStepHandler
    handler_config:
      type: api
      url: https://api.example.com/cart
      params: { cart_id: 1 }
  - name: validate_products
    depends_on_steps: [fetch_cart]
    default_retryable: true
    default_retry_limit: 5
    skippable: true
    handler_class: ApiTask::StepHandler::ProductsValidateStepHandler
environments:
  test:
    step_templates:
      - name: fetch_cart
        handler_config:
          url: http://test-api.example.com/cart
          params: { test_mode: true }
`;

test('a template of Tasker 1 compiles; keys without a meaning here are warnings', () => {
  const { template, found } = parse(old, 'test');
  expect(new Set(found.map((d) => d.code))).toEqual(new Set(['NO_EFFECT']));
  expect(found.map((d) => /"(\w+)"/.exec(d.message)?.[1])).toEqual([
    'module_namespace',
    'task_handler_class',
    'concurrent',
    'default_dependent_system',
    'named_steps',
    'dependent_system',
    'skippable',
  ]);
  expect(template?.inputSchema).toMatchObject({ required: ['cart_id'] });
  expect(template?.steps).toMatchObject([
    {
      name: 'fetch_cart',
      dependencies: [],
      handler: {
        entry: 'lambdas/steps/integration_example/cart-fetch-step.ts',
        initialization: {
          type: 'api',
          url: 'http://test-api.example.com/cart',
          params: { cart_id: 1, test_mode: true },
        },
      },
    },
    { name: 'validate_products', dependencies: ['fetch_cart'], retry: { retryable: true, maxAttempts: 5 } },
  ]);
});

test('retryable is a key of a step, and false means one attempt', () => {
  const text = (value: string) => `name: p\nsteps:\n  - { name: a, handler: a, retryable: ${value}, retry_limit: 5 }\n`;
  expect(parse(text('false')).template?.steps[0]?.retry).toMatchObject({ retryable: false, maxAttempts: 5 });
  expect(parse(text('true')).codes).toEqual([]);
  expect(parse(`${text('true')}    retry: { retryable: false }`).codes).not.toEqual([]);
});

test('events that handlers publish are declarations without effect', () => {
  const events = '[{ name: order.done, description: Order is done }]';
  const { template, codes } = parse(
    `name: p\ncustom_events: ${events}\nsteps:\n  - { name: a, handler: a, custom_events: ${events} }\n`,
  );
  expect(codes).toEqual(['NO_EFFECT 2:1', 'NO_EFFECT 4:28']);
  expect(template?.steps).toHaveLength(1);
});

test('a name with a namespace in it is refused with the two keys to write', () => {
  const { found } = parse('name: api_task/integration_yaml_example\nsteps: [{ name: a, handler: a }]\n');
  expect(found).toMatchObject([
    {
      code: 'BAD_NAME',
      span: { line: 1, column: 7 },
      message: expect.stringContaining('write name: integration_yaml_example and namespace_name: api_task'),
    },
  ]);
});
