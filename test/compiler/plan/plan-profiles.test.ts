import { expect, test } from 'vitest';
import { planProfiles } from '../../../lib/compiler/plan/plan-profiles.ts';
import type { StepTemplate } from '../../../lib/compiler/template/template.ts';
import { stepTemplate } from '../../support/templates.ts';

const check = { kind: 'unique', columns: ['id'], name: 'unique', on_violation: 'block', index: 0 } as const;
const shown = { top_values: true };

const step = stepTemplate('a', [], {
  outputs: {
    plain: { schema: null, checks: [], profile: null },
    checked: { schema: null, checks: [check], profile: null },
    off: { schema: null, checks: [check], profile: { on: false, topValues: true } },
    personal: { schema: null, checks: [], profile: { on: true, topValues: false } },
  },
} as Partial<StepTemplate>);

const publish = {
  datasets: [
    { step: 'a', dataset: 'plain' },
    { step: 'a', dataset: 'off' },
    { step: 'b', dataset: 'x' },
  ],
  keep: null,
  breaking: null,
};

test('checked and published datasets have a profile by default, and a setting of a dataset goes first', () => {
  const own = { off: null, personal: { top_values: false } };
  expect(planProfiles(step, { profile: null, publish: null })).toEqual({ checked: shown, ...own });
  expect(planProfiles(step, { profile: null, publish })).toEqual({ checked: shown, plain: shown, ...own });
});

test('the setting of the pipeline holds for all other datasets', () => {
  const own = { off: null, personal: { top_values: false } };
  expect(planProfiles(step, { profile: { on: false, topValues: true }, publish })).toEqual({
    checked: null,
    plain: null,
    ...own,
  });
  expect(planProfiles(step, { profile: { on: true, topValues: false }, publish: null })).toEqual({
    ...{ checked: { top_values: false }, plain: { top_values: false }, '*': { top_values: false } },
    ...own,
  });
});

test('a published dataset that no output declares has one, unless the pipeline turns profiles off', () => {
  const undeclared = { ...publish, datasets: [{ step: 'a', dataset: 'other' }] };
  const plain = stepTemplate('a', []);
  expect(planProfiles(plain, { profile: null, publish: undeclared })).toEqual({ other: shown });
  expect(planProfiles(plain, { profile: { on: false, topValues: true }, publish: undeclared })).toEqual({});
});
