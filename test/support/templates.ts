import type { StepTemplate, Template } from '../../lib/compiler/template/template.ts';
import { type Dependencies, stepName } from './graphs.ts';

const span = { file: 'test.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };

/** A step as the parser returns it for a template with only a name, a handler and dependencies. */
export function stepTemplate(
  name: string,
  dependencies: readonly string[],
  more: Partial<StepTemplate> = {},
): StepTemplate {
  return {
    index: 0,
    name,
    description: null,
    handler: { callable: name, entry: `lambdas/steps/test/${name}.ts`, export: 'handler', initialization: {} },
    sql: null,
    outputs: null,
    dependencies,
    needs: null,
    triggerRule: null,
    optional: null,
    retry: {
      retryable: null,
      maxAttempts: null,
      platformAttempts: null,
      timeoutAttempts: null,
      backoff: null,
      initialDelayMs: null,
      maxDelayMs: null,
      jitter: null,
    },
    timeoutMs: null,
    memoryMb: null,
    ephemeralStorageMb: null,
    severity: null,
    deadline: null,
    expectedMs: null,
    resultSchema: null,
    environment: {},
    secrets: {},
    permissions: [],
    ...more,
  };
}

export function templateOf(steps: readonly StepTemplate[], more: Partial<Template> = {}): Template {
  return {
    file: 'test.yaml',
    name: 'test',
    namespace: null,
    version: '1.0.0',
    description: null,
    metadata: {},
    inputSchema: null,
    steps,
    schedule: null,
    overlap: null,
    partition: null,
    deadline: null,
    expectedMs: null,
    maxDurationMinutes: null,
    localSetup: null,
    alerts: null,
    publish: null,
    lineage: null,
    profile: null,
    functions: null,
    at: () => span,
    inside: () => span,
    ...more,
  };
}

export function templateOfGraph(dependencies: Dependencies): Template {
  return templateOf(dependencies.map((own, step) => stepTemplate(stepName(step), own.map(stepName))));
}
