import { expect, test } from 'vitest';
import { resolveHandler } from '../../../lib/compiler/template/keys/resolve-handler.ts';

const entry = (callable: string, method: string | null = null) => {
  const place = resolveHandler(callable, method, 'p');
  return 'problem' in place ? null : `${place.entry}#${place.export}`;
};

test.each([
  ['extract_orders', 'extract-orders'],
  ['ExtractOrders', 'extract-orders'],
  ['DataPipeline::StepHandlers::ExtractOrdersHandler', 'extract-orders'],
  ['DataPipeline.StepHandlers.ExtractOrdersHandler', 'extract-orders'],
  ['data_pipeline.extract_orders', 'extract-orders'],
  ['payments:stripe:refund', 'refund'],
  ['UpdateCRMRecordHandler', 'update-crm-record'],
  ['CRMHandler', 'crm'],
  ['ParseHTML', 'parse-html'],
  ['Step2Transform', 'step2-transform'],
  ['linear_step_1', 'linear-step-1'],
  ['extract-orders', 'extract-orders'],
  ['Handler', 'handler'],
])('%s is %s.ts', (callable, file) => expect(entry(callable)).toBe(`lambdas/steps/p/${file}.ts#handler`));

test('a path names a file relative to the folder of the pipeline', () => {
  expect(entry('./x.ts')).toBe('lambdas/steps/p/x.ts#handler');
  expect(entry('./deep/x.mts#go')).toBe('lambdas/steps/p/deep/x.mts#go');
  expect(entry('../shared/x')).toBe('lambdas/steps/shared/x.ts#handler');
});

test('the export is the method, or what stands after "#", or handler', () => {
  expect(entry('Refunds', 'process')).toBe('lambdas/steps/p/refunds.ts#process');
  expect(entry('Payments::Refunds#process')).toBe('lambdas/steps/p/refunds.ts#process');
  expect(entry('./x.ts#go', 'go')).toBe('lambdas/steps/p/x.ts#go');
  // Tasker calls `call` by default.
  expect(entry('Refunds', 'call')).toBe('lambdas/steps/p/refunds.ts#handler');
});

test.each([
  ['../../../../etc/x.ts', 'leaves the project'],
  ['/etc/x.ts', 'leaves the project'],
  ['./a b.ts', 'characters'],
  ['./x.py', '.ts or .js'],
  ['./folder/', '.ts or .js'],
  ['./x.ts#a#b', 'more than one'],
  ['./x.ts#process!', 'not a JavaScript identifier'],
  ['A::', 'does not end in a name'],
  ['', 'does not end in a name'],
  ['größe', 'does not end in a name'],
])('%j is refused: it %s', (callable, why) =>
  expect(resolveHandler(callable, null, 'p')).toEqual({ problem: expect.stringContaining(why) }),
);

test('two different exports are refused', () => {
  expect(resolveHandler('./x.ts#a', 'b', 'p')).toEqual({ problem: expect.stringContaining('keep one') });
});
