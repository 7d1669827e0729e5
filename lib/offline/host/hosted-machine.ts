import { placeholders, substitute } from '../../compiler/states/placeholders.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import { loadMachine } from '../asl/load-machine.ts';
import type { Machine } from '../asl/machine.ts';

const loaded = new WeakMap<JsonObject, Map<string, Machine>>();

/** The machine of a compiled definition, for a host: each function is called what its placeholder is called. A definition is loaded once. */
export function hostedMachine(definition: JsonObject, queueUrl: string = placeholders.deadLetterQueueUrl): Machine {
  const known = loaded.get(definition) ?? new Map<string, Machine>();
  loaded.set(definition, known);
  const machine = known.get(queueUrl) ?? load(definition, queueUrl);
  known.set(queueUrl, machine);
  return machine;
}

function load(definition: JsonObject, queueUrl: string): Machine {
  const text = JSON.stringify(definition);
  const names = [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => [name, name] as const);
  const values = { ...Object.fromEntries(names), [placeholders.deadLetterQueueUrl]: queueUrl };
  return loadMachine(JSON.parse(substitute(text, values)) as Json);
}
