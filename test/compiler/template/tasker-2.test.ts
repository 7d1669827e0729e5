import { expect, test } from 'vitest';
import { parse } from './parse.ts';

/** Generators and older versions of Tasker 2 write such text: empty overrides, `limit`, `loaded_from`, lists of delays that Tasker itself drops. */
const generated = `---
name: credit_card_payment
namespace_name: payments
version: 1.0.0
metadata:
  documentation_url:
system_dependencies:
  primary: payment_gateway
  secondary: []
domain_events: []
steps:
  - name: validate_payment
    type: standard
    handler:
      callable: PaymentProcessing::StepHandler::ValidatePaymentHandler
      initialization:
        gateway_url: "\${PAYMENT_GATEWAY_URL}"
    system_dependency:
    dependencies: []
    retry: { retryable: true, limit: 3, backoff: exponential, backoff_base_ms: 1000, max_backoff_ms: 30000 }
    timeout_seconds: 30
    publishes_events: []
  - name: check_fraud
    handler:
      callable: payment_processing::step_handlers::CheckFraudHandler
    depends_on:
      - validate_payment
    retry: { max_attempts: 2, backoff_seconds: [5, 15] }
environments:
  production:
    steps:
      - name: check_fraud
        handler: { initialization: { risk_threshold: 0.8 } }
        timeout_seconds:
        retry:
loaded_from: "/home/someone/credit_card_payment.yaml"
`;

test('templates that generators write compile, and say which keys do nothing', () => {
  const { template, found } = parse(generated, 'production');
  expect(found.map((d) => [d.code, /"(\w+)"/.exec(d.message)?.[1]])).toEqual([
    ['NO_EFFECT', 'system_dependencies'],
    ['NO_EFFECT', 'backoff_seconds'],
    ['NO_EFFECT', 'loaded_from'],
  ]);
  expect(template?.steps).toMatchObject([
    {
      handler: {
        entry: 'lambdas/steps/credit_card_payment/validate-payment.ts',
        initialization: { gateway_url: '${PAYMENT_GATEWAY_URL}' },
      },
      retry: { maxAttempts: 3, initialDelayMs: 1000, maxDelayMs: 30_000 },
      timeoutMs: 30_000,
    },
    {
      dependencies: ['validate_payment'],
      handler: { initialization: { risk_threshold: 0.8 } },
      retry: { maxAttempts: 2 },
      timeoutMs: null,
    },
  ]);
});

test('limits of the lifecycle other than the duration are rejected one by one', () => {
  const text =
    'name: p\nsteps: [{ name: a, handler: a }]\nlifecycle:\n  max_waiting_for_retry_minutes: 2\n  max_duration_minutes: 30\n';
  const { template, codes } = parse(text);
  expect(codes).toEqual(['NOT_YET_SUPPORTED 4:3']);
  expect(template?.maxDurationMinutes).toBe(30);
});
