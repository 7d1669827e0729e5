import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { featureFlags } from '../../lib/deploy/app/feature-flags.ts';

test('every feature flag of the CDK has its recommended value, so the CDK reports none as not configured', () => {
  const recommended = createRequire(import.meta.url)('aws-cdk-lib/recommended-feature-flags.json');
  expect(featureFlags).toEqual({ ...recommended, '@aws-cdk/core:defaultCrossStackReferences': 'strong' });
});
