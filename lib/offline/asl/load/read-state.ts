import { isObject, type Json } from '../../../contract/json.ts';
import type { State } from '../machine.ts';
import { readChoice } from '../states/choice.ts';
import { readFail } from '../states/fail.ts';
import { readMap } from '../states/map.ts';
import { readParallel } from '../states/parallel.ts';
import { readPass } from '../states/pass.ts';
import { readSucceed } from '../states/succeed.ts';
import { readTask } from '../states/task.ts';
import { readWait } from '../states/wait.ts';
import type { StateType } from '../step.ts';
import { type MachineReader, shown } from './machine-reader.ts';
import { whyNotNeutral } from './neutral-state.ts';
import { StateReader, type StateSource } from './state-reader.ts';

const readers: Readonly<Record<StateType, (reader: StateReader) => State>> = {
  Choice: readChoice,
  Fail: readFail,
  Map: readMap,
  Parallel: readParallel,
  Pass: readPass,
  Succeed: readSucceed,
  Task: readTask,
  Wait: readWait,
};

/** Reads one state. Reports a state of an unknown kind and returns null. */
export function readState(machine: MachineReader, source: StateSource): State | null {
  const { value, path } = source;
  if (!isObject(value)) {
    machine.complain(path, `must be an object, not ${shown(value)}`);
    return null;
  }
  const type = value.Type;
  if (typeof type !== 'string' || !Object.hasOwn(readers, type)) {
    machine.complain(`${path}/Type`, `must be one of ${Object.keys(readers).join(', ')}, not ${shown(type)}`);
    return null;
  }
  const problem = languageProblem(machine, value);
  if (problem !== null) {
    machine.complain(path, problem);
    return null;
  }
  const reader = new StateReader(machine, source);
  const state = readers[type as StateType](reader);
  for (const scope of reader.innerScopes) machine.innerScopes.push(scope);
  return state;
}

/** The reason why the state's query language keeps it from running; null if it can run. */
const languageProblem = (machine: MachineReader, value: Readonly<Record<string, Json>>): string | null => {
  const language = value.QueryLanguage ?? machine.language;
  if (language === 'JSONata') return null;
  if (language !== 'JSONPath') return `QueryLanguage must be JSONata, not ${shown(language)}`;
  if (machine.language === 'JSONata') return 'a state cannot be in JSONPath when the machine is in JSONata';
  const why = whyNotNeutral(value);
  return why === null ? null : `is in JSONPath (${why}); only JSONata is implemented`;
};
