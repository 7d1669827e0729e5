import { isObject, type Json } from '../../../contract/json.ts';
import type { State } from '../machine.ts';
import { type MachineReader, shown } from './machine-reader.ts';
import { readState } from './read-state.ts';
import type { Scope } from './scope.ts';
import type { ReadGraph } from './state-reader.ts';

/** Reads StartAt and States, and checks that every target exists and every state can be reached. */
export const readGraph: ReadGraph = (machine, place, scope) => {
  const { value, path } = place;
  const before = machine.problems.length;
  const fields = isObject(value) ? value : {};
  if (!isObject(value)) machine.complain(path, `must be an object with StartAt and States, not ${shown(value)}`);
  const allowed = ['StartAt', 'States', 'Comment', ...place.otherFields];
  for (const field of Object.keys(fields)) {
    if (!allowed.includes(field)) machine.complain(`${path}/${field}`, 'is not a field here');
  }
  const { states, edges } = readStates(machine, fields.States, path, scope);
  const startAt = fields.StartAt;
  if (typeof startAt === 'string' && edges.size > 0) scope.goTo(startAt, `${path}/StartAt`);
  if (typeof startAt !== 'string')
    machine.complain(`${path}/StartAt`, startAt === undefined ? 'is missing' : 'must be the name of a state');
  for (const target of scope.targets) {
    if (!edges.has(target.name)) machine.complain(target.path, `there is no state '${target.name}' in this graph`);
  }
  // Reported only for a graph without other mistakes: a forgotten End is reported where it is missing.
  if (machine.problems.length === before && !Object.values(fields.States ?? {}).some(ends)) {
    machine.complain(`${path}/States`, 'no state ends: none has End, none is a Succeed or Fail');
  }
  if (typeof startAt === 'string' && edges.has(startAt)) checkReached(machine, startAt, edges, path);
  return { startAt: typeof startAt === 'string' ? startAt : '', states };
};

const ends = (state: Json): boolean =>
  isObject(state) && (state.End === true || state.Type === 'Succeed' || state.Type === 'Fail');

/** The states that were read, and for each name, also of a state that cannot be read, the names that it goes to. */
interface States {
  readonly states: Map<string, State>;
  readonly edges: Map<string, readonly string[]>;
}

const readStates = (machine: MachineReader, value: Json | undefined, path: string, scope: Scope): States => {
  const [states, edges] = [new Map<string, State>(), new Map<string, readonly string[]>()];
  if (!isObject(value) || Object.keys(value).length === 0) {
    machine.complain(
      `${path}/States`,
      value === undefined ? 'is missing' : 'must be an object with at least one state',
    );
    return { states, edges };
  }
  for (const [name, definition] of Object.entries(value)) {
    const at = `${path}/States/${name}`;
    machine.claimName(name, at);
    const before = scope.targets.length;
    const state = readState(machine, { name, value: definition, path: at, scope, readGraph });
    if (state !== null) states.set(name, state);
    edges.set(name, state === null ? Object.keys(value) : scope.targets.slice(before).map((target) => target.name));
  }
  return { states, edges };
};

const checkReached = (
  machine: MachineReader,
  startAt: string,
  edges: ReadonlyMap<string, readonly string[]>,
  path: string,
): void => {
  const reached = new Set([startAt]);
  for (const name of reached) for (const next of edges.get(name) ?? []) reached.add(next);
  for (const name of edges.keys()) {
    if (!reached.has(name)) machine.complain(`${path}/States/${name}`, 'cannot be reached from StartAt');
  }
};
