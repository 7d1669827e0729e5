import { substitute } from '../../compiler/states/placeholders.ts';
import type { Json, JsonObject } from '../../contract/json.ts';
import { loadMachine } from '../asl/load-machine.ts';
import type { Machine } from '../asl/machine.ts';

const loaded = new WeakMap<JsonObject, Machine>();

/** The machine of a compiled definition, for a host: each function has its placeholder's name. A definition is loaded once. */
export function hostedMachine(definition: JsonObject): Machine {
  const machine = loaded.get(definition) ?? load(definition);
  loaded.set(definition, machine);
  return machine;
}

function load(definition: JsonObject): Machine {
  const text = JSON.stringify(definition);
  const names = [...text.matchAll(/\$\{([^}]*)\}/g)].map(([, name = '']) => [name, name] as const);
  return loadMachine(JSON.parse(substitute(text, Object.fromEntries(names))) as Json);
}
