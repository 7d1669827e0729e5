import { isObject, type Json } from '../../contract/json.ts';
import { InvalidDefinition } from './invalid-definition.ts';
import { mostSeconds } from './limits.ts';
import { MachineReader, type QueryLanguage, shown } from './load/machine-reader.ts';
import { readGraph } from './load/read-graph.ts';
import { Scope } from './load/scope.ts';
import type { Machine } from './machine.ts';

/**
 * Reads a definition as a whole: every transition, every bound, every expression. Throws InvalidDefinition with all problems if anything is wrong or not
 * implemented, so no machine runs in part. The definition must be JSON and must not be changed afterwards.
 */
export function loadMachine(definition: unknown): Machine {
  if (!isObject(definition)) throw new InvalidDefinition([{ path: '/', message: 'must be an object' }]);
  const language = languageOf(definition.QueryLanguage);
  if (!mentionsJsonata(definition)) {
    throw new InvalidDefinition([
      {
        path: '/QueryLanguage',
        message: `the definition is in JSONPath (QueryLanguage ${shown(definition.QueryLanguage)}); only "JSONata" is implemented`,
      },
    ]);
  }
  const machine = new MachineReader(language);
  const scope = new Scope(machine, null);
  const otherFields = ['QueryLanguage', 'TimeoutSeconds', 'Version'];
  const graph = readGraph(machine, { value: definition, path: '', otherFields }, scope);
  for (const inner of machine.innerScopes) inner.checkVariables();
  const timeoutSeconds = readTimeout(machine, definition.TimeoutSeconds);
  const version = definition.Version ?? '1.0';
  if (version !== '1.0') machine.complain('/Version', `must be "1.0", not ${shown(version)}`);
  if (machine.problems.length > 0) throw new InvalidDefinition(machine.problems);
  return { definition, graph, timeoutSeconds };
}

const languageOf = (value: Json | undefined): QueryLanguage => {
  if (value === undefined || value === 'JSONata' || value === 'JSONPath') return value ?? 'JSONPath';
  throw new InvalidDefinition([{ path: '/QueryLanguage', message: `must be "JSONata", not ${shown(value)}` }]);
};

/** True when the machine or at least one of its states says that it is in JSONata. */
const mentionsJsonata = (value: Json): boolean => {
  if (!isObject(value)) return false;
  if (value.QueryLanguage === 'JSONata') return true;
  const states = isObject(value.States) ? Object.values(value.States) : [];
  const branches = Array.isArray(value.Branches) ? value.Branches : [];
  return [...states, ...branches, value.ItemProcessor ?? null].some(mentionsJsonata);
};

const readTimeout = (machine: MachineReader, value: Json | undefined): number | null => {
  if (value === undefined) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostSeconds) return value;
  machine.complain('/TimeoutSeconds', `must be a whole number from 1 to ${mostSeconds}, not ${shown(value)}`);
  return null;
};
