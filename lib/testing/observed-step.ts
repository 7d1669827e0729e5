import type { Step, StepFunction } from '../runtime/step.ts';
import type { Given, LogEntry, Traces } from './given.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key] };

/** Notes what a handler does besides its output, and the error that it throws. */
export class Observation {
  readonly traces: Writable<Traces> = { logs: [], progress: [], yields: [], once: [] };
  thrown: { readonly error: unknown } | null = null;

  /** Takes a line of the log. */
  readonly writeLine = (line: string): void => void this.traces.logs.push(JSON.parse(line) as LogEntry);

  /** The handler, with a step that is observed. Everything else of the step is the runtime's own. */
  around(handler: StepFunction, { checkpoint }: Given): StepFunction {
    const { progress, yields, once } = this.traces;
    return async (step: Step) => {
      const observed: Step = Object.assign(Object.create(step) as Step, {
        checkpoint: checkpoint === undefined ? step.checkpoint : structuredClone(checkpoint),
        progress: (done: number, total: number | null = null, message: string | null = null) => {
          progress.push({ done, total, message });
          return step.progress(done, total, message ?? undefined);
        },
        yieldIfDue: (state: unknown) => {
          yields.push(state);
          return step.yieldIfDue(state);
        },
        once: async (key: string, fn: () => unknown) => {
          const ran = await step.once(key, fn);
          if (ran) once.push(key);
          return ran;
        },
      });
      try {
        return await handler(observed);
      } catch (error) {
        this.thrown = { error };
        throw error;
      }
    };
  }
}
