import type { JsonObject } from '../../contract/json.ts';
import type { KeyTable } from '../template/keys/key-table.ts';
import { retryKeys } from '../template/keys/retry-keys.ts';
import { handlerKeys } from '../template/keys/step-keys.ts';

/** Mappings into which another name may lead, by the key that holds them. */
const inside: Readonly<Record<string, KeyTable>> = { handler: handlerKeys, retry: retryKeys };

/** Rules against a value that is given twice: by its name and by another name, or by two other names. */
export function conflictsOf(table: KeyTable): JsonObject[] {
  const targets = new Map<string, (readonly string[])[]>();
  const add = (target: readonly string[], written: readonly string[]): void => {
    const key = target.join('.');
    targets.set(key, [...(targets.get(key) ?? []), written]);
  };
  for (const { name, aliasOf } of table.keys) if (aliasOf) add(aliasOf, [name]);
  for (const [target, ways] of [...targets]) for (const way of namesOf(target.split('.'), table)) ways.push(way);
  return [...targets.values()].flatMap((ways) =>
    pairs(ways).map(([one, other]) => ({ not: { allOf: [isGiven(one), isGiven(other)] } })),
  );
}

/** The ways in which a value is written without the alias at hand: by its name, or in the mapping that holds it. */
function namesOf([outer = '', inner]: readonly string[], table: KeyTable): (readonly string[])[] {
  if (inner === undefined) return table.keys.some(({ name }) => name === outer) ? [[outer]] : [];
  const names = (inside[outer]?.keys ?? []).filter(({ name, aliasOf }) => name === inner || aliasOf?.[0] === inner);
  return names.map(({ name }) => [outer, name]);
}

/** Of two ways inside of one mapping, that mapping's own rules speak. */
function pairs(ways: readonly (readonly string[])[]): (readonly [readonly string[], readonly string[]])[] {
  return ways.flatMap((one, index) =>
    ways
      .slice(index + 1)
      .filter((other) => one.length === 1 || other.length === 1)
      .map((other) => [one, other] as const),
  );
}

/** True of a mapping that has a value under this path. */
function isGiven([name = '', ...rest]: readonly string[]): JsonObject {
  const inner = rest.length === 0 ? { not: { type: 'null' } } : { type: 'object', ...isGiven(rest) };
  // A handler as text is its callable.
  const isText = name === 'handler' && rest[0] === 'callable';
  const value = isText ? { anyOf: [{ type: ['string', 'number', 'boolean'] }, inner] } : inner;
  return { required: [name], properties: { [name]: value } };
}
