import { describe, expect, test } from 'vitest';
import { checkFunctions, resourcesOf } from '../../../lib/compiler/checks/check-functions.ts';
import { checkHistory } from '../../../lib/compiler/checks/check-history.ts';
import { eventBridgeCron, type TranslatedCron } from '../../../lib/compiler/template/schedule/eventbridge-cron.ts';
import type { Template } from '../../../lib/compiler/template/template.ts';
import { addStacks } from '../../../lib/deploy/add-stacks.ts';
import { emptyLayer, inlineCode, newApp, newScratch, pipelineOf } from '../../deploy/fixture.ts';
import { stepTemplate, templateOf } from '../../support/templates.ts';

type Kind = 'secrets' | 'memory' | 'equal';

const stepsOf = (count: number, kind: Kind) =>
  Array.from({ length: count }, (_, index) =>
    stepTemplate(`s${index}`, [], {
      ...(kind === 'secrets' && { secrets: { a: { service: 'ssm', id: `/a/${index}` } } }),
      ...(kind === 'memory' && { memoryMb: 1024 + index }),
    }),
  );

const schedule = { ...(eventBridgeCron('0 1 * * *') as TranslatedCron), timezone: 'UTC', enabled: true, input: {} };

describe('resources of a stack', () => {
  test.each<[number, Kind, Partial<Template>]>([
    [5, 'equal', {}],
    [12, 'secrets', {}],
    [3, 'memory', { schedule }],
  ])('%i steps with %s settings: as many as check says', (count, kind, more) => {
    const pipeline = pipelineOf(stepsOf(count, kind), { name: 'p', ...more });
    const app = newApp();
    addStacks(app, {
      ...{ prefix: 'daybreak', environment: null, allPipelines: ['p'], architecture: 'arm64' },
      ...{ layer: emptyLayer(), code: inlineCode, scratch: newScratch(), pipelines: [pipeline] },
    });
    const { Resources } = app.synth().getStackByName('daybreak-p').template;
    const estimated = resourcesOf(pipeline.plan, pipeline.machine);
    expect(Math.abs(Object.keys(Resources).length - estimated)).toBeLessThanOrEqual(more.schedule ? 3 : 0);
  });

  test('a stack that CloudFormation would refuse is a warning', () => {
    const codes = (count: number) => {
      const said: string[] = [];
      checkFunctions({ file: 'p.yaml', ...pipelineOf(stepsOf(count, 'secrets')) }, ({ code }) => said.push(code));
      return said;
    };
    expect(codes(116)).toEqual([]);
    expect(codes(117)).toEqual(['TOO_MANY_FUNCTIONS']);
  });
});

describe('events of an execution', () => {
  const codes = (count: number, hours: number, maxDurationMinutes = 60 * 24): string[] => {
    const steps = Array.from({ length: count }, (_, index) =>
      stepTemplate(`s${index}`, [], { timeoutMs: hours * 3_600_000 }),
    );
    const template = templateOf(steps, { maxDurationMinutes });
    const said: string[] = [];
    checkHistory(pipelineOf(steps, { maxDurationMinutes }).plan, template, ({ code }) => said.push(code));
    return said;
  };

  test('steps whose yields fill the history of an execution are a warning', () => {
    expect(codes(1, 40 * 24, 525_600)).toEqual(['HISTORY_TOO_LONG']);
    expect(codes(40, 23)).toEqual(['HISTORY_TOO_LONG']);
    expect(codes(30, 23)).toEqual([]);
    expect(codes(500, 0.25)).toEqual([]);
    // The run ends before the step could.
    expect(codes(1, 40 * 24)).toEqual([]);
  });
});
