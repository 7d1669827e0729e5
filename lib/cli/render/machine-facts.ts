import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import type { Json, JsonObject } from '../../contract/json.ts';

/** The size of a compiled machine. */
export interface MachineFacts {
  /** All states, including nested ones. */
  readonly states: number;
  readonly functions: number;
  /** Characters of the written definition, before ARNs replace names. */
  readonly definition_characters: number;
}

export function machineFacts({ definition, functions }: CompiledMachine): MachineFacts {
  return {
    states: countStates(definition),
    functions: functions.length,
    definition_characters: JSON.stringify(definition).length,
  };
}

function countStates(machine: JsonObject): number {
  const states = Object.values((machine.States ?? {}) as JsonObject);
  return states.reduce<number>((sum, state) => sum + 1 + nested(state), 0);
}

const nested = (state: Json): number =>
  (((state as JsonObject).Branches ?? []) as JsonObject[]).reduce((sum, branch) => sum + countStates(branch), 0);
