import type { DeadlineSetting } from '../../contract/events/deadline-setting.ts';
import type { DeadlineSettings } from '../../contract/payloads.ts';
import type { StepSpecs } from '../../contract/step-spec.ts';
import type { ScheduleClock } from '../../input/deadline-times.ts';

/** All that a look at the deadlines of a pipeline knows of it. */
export interface DeadlinePipeline {
  readonly name: string;
  readonly steps: readonly DeadlineStep[];
  readonly schedule: ScheduleClock & { readonly expression: string };
  readonly deadline: DeadlineSetting | null;
  /** The time that the template expects a run to take, in milliseconds. */
  readonly expectedMs: number | null;
}

export interface DeadlineStep {
  readonly name: string;
  readonly dependencies: readonly string[];
  /** Its failure does not fail the run. */
  readonly optional: boolean;
  readonly deadline: DeadlineSetting | null;
  readonly expectedMs: number | null;
}

/** A pipeline from what its function knows. */
export function deadlinePipeline(name: string, settings: DeadlineSettings, steps: StepSpecs): DeadlinePipeline {
  return {
    name,
    steps: Object.values(steps).map((step) => ({
      name: step.name,
      dependencies: step.dependencies,
      optional: step.optional ?? false,
      deadline: step.deadline ?? null,
      expectedMs: step.expected_ms ?? null,
    })),
    schedule: settings.schedule,
    deadline: settings.deadline,
    expectedMs: settings.expected_ms,
  };
}

/** The deadlines of a pipeline: that of the run, whose step is null, and those of its steps. */
export function deadlinesOf({ deadline, steps }: Pick<DeadlinePipeline, 'deadline' | 'steps'>) {
  const all = [{ name: null, deadline }, ...steps];
  return all.flatMap(({ name, deadline: setting }) => (setting === null ? [] : [{ step: name, setting }]));
}

/** The schedule as text: if it changes, deadlines begin to count again. */
export function scheduleText({ schedule: { expression, timezone } }: Pick<DeadlinePipeline, 'schedule'>): string {
  return `${expression} ${timezone}`;
}
