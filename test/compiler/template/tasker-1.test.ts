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

test('a template of Tasker 1 compiles; what has no meaning here is said', () => {
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

test('a name with a slash, as Tasker 1 allows it, is refused with one that would do', () => {
  const { found } = parse(old.replace('integration_example', 'api_task/integration_example'));
  expect(found[0]?.message).toContain('"api_task_integration_example" would do');
});
