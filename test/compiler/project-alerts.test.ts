import { describe, expect, test } from 'vitest';
import { planPipeline } from '../../lib/compiler/plan/plan-pipeline.ts';
import { projectAlerts } from '../../lib/compiler/project-alerts.ts';
import { graphOf } from '../support/graphs.ts';
import { templateOfGraph } from '../support/templates.ts';

const board = { kind: 'teams', webhook: { service: 'ssm', id: '/t' } } as const;
const project = projectAlerts({ high: { teams: 'ssm:/t' }, escalate_after: '30m' });

describe('alerts of a configuration', () => {
  test('are read like those of a template', () => {
    expect(project).toMatchObject({ routes: { high: [board] }, stakeholders: [], escalate_after_ms: 1_800_000 });
    expect(projectAlerts(undefined)).toBeNull();
  });

  test('that are wrong are errors, all at once, and no secret stands in them', () => {
    const wrong = { high: { teams: 'https://example.com/hook/hidden' }, hgih: [] };
    let message = '';
    try {
      projectAlerts(wrong);
    } catch (error) {
      message = String(error);
    }
    expect(message.split('\n')).toEqual([
      expect.stringMatching(
        /daybreak\.config\.ts: "defaults\.alerts": "alerts" has no key "hgih"; did you mean "high"/,
      ),
      expect.stringMatching(/^daybreak\.config\.ts: "defaults\.alerts": "webhook" holds the secret itself/),
    ]);
    expect(message).not.toContain('hidden');
  });

  test('hold for templates without the key; an empty key turns them off', () => {
    const template = templateOfGraph([[]]);
    const plan = (alerts: ReturnType<typeof projectAlerts>) =>
      planPipeline({ ...template, alerts }, graphOf([[]]), { projectAlerts: project }).alerts;
    expect(plan(null)).toEqual(project);
    expect(plan(projectAlerts({}))).toBeNull();
    expect(plan(projectAlerts({ low: { teams: 'ssm:/t' } }))).toMatchObject({ routes: { low: [board] } });
  });
});
