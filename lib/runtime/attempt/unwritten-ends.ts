import type { ObjectStore } from '../../ports/ports.ts';

const unwritten = new WeakMap<ObjectStore, Set<string>>();

/** Remembers an invocation of this process whose end could not be stored: a process that remembers it has not crashed. */
export function rememberEnd(store: ObjectStore, invocation: string): void {
  unwritten.set(store, (unwritten.get(store) ?? new Set()).add(invocation));
}

export function isRemembered(store: ObjectStore, invocation: string): boolean {
  return unwritten.get(store)?.has(invocation) ?? false;
}
