import type { LoadedPipeline } from '../../compiler/loaded-pipeline.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import { isObject } from '../../contract/json.ts';
import type { StepSpecs } from '../../contract/step-spec.ts';

/** Long enough for a person at a debugger; a timer takes at most 24 days. */
const week = 7 * 24 * 3600;

type Runnable = LoadedPipeline & { readonly ok: true };

/** The pipeline with a week for each step, for each function and in all. Time-outs are no part of a fingerprint, so the same results are reused. */
export function withoutTimeOuts(pipeline: Runnable): Runnable {
  const { machine } = pipeline;
  return {
    ...pipeline,
    machine: {
      definition: withWeek(machine.definition, new Set(Object.keys(machine.steps))),
      functions: machine.functions.map((fn) => ({ ...fn, timeoutSeconds: week, timeouts: {} })),
      steps: Object.fromEntries(
        Object.entries(machine.steps).map(([name, step]) => [
          name,
          step.long_seconds === undefined ? step : { ...step, long_seconds: week },
        ]),
      ) as StepSpecs,
    },
  };
}

/** The states of the steps have their names; the machine itself has a limit too. */
function withWeek(graph: JsonObject, steps: ReadonlySet<string>): JsonObject {
  const states = isObject(graph.States) ? graph.States : {};
  return {
    ...graph,
    ...(graph.TimeoutSeconds !== undefined && { TimeoutSeconds: 2 * week }),
    States: Object.fromEntries(Object.entries(states).map(([name, state]) => [name, ofState(name, state, steps)])),
  };
}

function ofState(name: string, state: Json, steps: ReadonlySet<string>): Json {
  if (!isObject(state)) return state;
  if (Array.isArray(state.Branches))
    return {
      ...state,
      Branches: state.Branches.map((branch) => (isObject(branch) ? withWeek(branch, steps) : branch)),
    };
  return steps.has(name) && state.TimeoutSeconds !== undefined ? { ...state, TimeoutSeconds: week } : state;
}
