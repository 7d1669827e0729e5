import type { Scenario, World } from './explore.ts';
import type { Operation } from './process.ts';

/**
 * True if an operation has the same effect and answer at any later time, and changes nothing that others see before its process continues. A crash or time-out
 * of its process commutes with it too: nothing but the process's own memory, or an object that no one will read, is different.
 */
export function isStable<Facts>(world: World<Facts>, operation: Operation, scenario: Scenario<Facts>): boolean {
  const { writtenOnce = () => false, ownedByOne = () => false } = scenario;
  if (operation.kind === 'succeed')
    return world.tokens.get(operation.token) !== 'live' && world.tokens.has(operation.token);
  if (operation.kind === 'list' || operation.kind === 'delete') return false;
  const { kind, key } = operation;
  if (kind === 'put' && writtenOnce(key) && operation.ifNoneMatch === undefined)
    throw new Error(`${key} is written over`);
  if (kind === 'put' && ownedByOne(key)) {
    if (world.objects.has(key)) throw new Error(`${key} is written by two processes`);
    return true;
  }
  return ownedByOne(key) || (writtenOnce(key) && world.objects.has(key));
}
