import { describe, expect, test } from 'vitest';
import { checkDefinitionSize } from '../../../lib/compiler/check-definition-size.ts';
import { checkFunctions, resourcesOf } from '../../../lib/compiler/checks/check-functions.ts';
import { checkHistory } from '../../../lib/compiler/checks/check-history.ts';
import { eventBridgeCron, type TranslatedCron } from '../../../lib/compiler/template/schedule/eventbridge-cron.ts';
import type { Template } from '../../../lib/compiler/template/template.ts';
import type { Diagnostic } from '../../../lib/diagnostics/diagnostic.ts';
import { appOf, pipelineOf } from '../../deploy/fixture.ts';
import { sampled } from '../../support/sized.ts';
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
  const kinds: readonly [number, Kind, Partial<Template>][] = [
    [3, 'memory', { schedule }],
    [5, 'equal', {}],
    [12, 'secrets', {}],
  ];
  test.each(sampled(kinds, 3))('%i steps with %s settings: as many as check says', (count, kind, more) => {
    const pipeline = pipelineOf(stepsOf(count, kind), { name: 'p', ...more });
    const { Resources } = appOf([pipeline]).synth().getStackByName('daybreak-p').template;
    const estimated = resourcesOf(pipeline.plan, pipeline.machine);
    expect(Math.abs(Object.keys(Resources).length - estimated)).toBeLessThanOrEqual(more.schedule ? 3 : 0);
  });

  test('a stack that CloudFormation would refuse is a warning', () => {
    const codes = (count: number) => {
      const said: string[] = [];
      checkFunctions({ file: 'p.yaml', ...pipelineOf(stepsOf(count, 'secrets')) }, ({ code }) => said.push(code));
      return said;
    };
    expect(codes(112)).toEqual([]);
    expect(codes(113)).toEqual(['TOO_MANY_FUNCTIONS']);
  });
});

describe('size of a definition', () => {
  const found = (count: number) => {
    const said: string[] = [];
    const report = ({ code, severity, message }: Diagnostic) => said.push(`${code} ${severity}: ${message}`);
    checkDefinitionSize({ file: 'p.yaml', ...pipelineOf(stepsOf(count, 'equal')) }, report);
    return said;
  };

  test('1,000 steps are a warning that says into how many pipelines they fit; 450 side by side are none', () => {
    expect(found(450)).toEqual([]);
    expect(found(1_000)).toEqual([
      expect.stringMatching(
        /^DEFINITION_TOO_LARGE warning: the compiled machine of 1000 steps takes about 1[89]\d{5} bytes of a request to Step Functions, which takes 1048576; .*cannot be deployed; make 3 pipelines of it, or more$/,
      ),
    ]);
  });

  test('bytes count, not characters: each letter of a long description', () => {
    const described = (description: string) =>
      Array.from({ length: 420 }, (_, index) => stepTemplate(`s${index}`, [], { description }));
    const codes = (description: string) => {
      const said: string[] = [];
      checkDefinitionSize({ file: 'p.yaml', ...pipelineOf(described(description)) }, ({ code }) => said.push(code));
      return said;
    };
    expect(codes('a'.repeat(200))).toEqual([]);
    expect(codes('字'.repeat(200))).toEqual(['DEFINITION_TOO_LARGE']);
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
    expect(codes(2_083, 0.25)).toEqual([]);
    expect(codes(2_084, 0.25)).toEqual(['HISTORY_TOO_LONG']);
    // The run ends before the step could.
    expect(codes(1, 40 * 24)).toEqual([]);
  });
});
