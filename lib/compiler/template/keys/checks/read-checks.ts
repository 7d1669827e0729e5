import {
  type CheckRule,
  columnsOf,
  type DataCheck,
  type OnViolation,
  rowChecks,
} from '../../../../contract/records/data-check.ts';
import type { Reading } from '../../tree/reading.ts';
import { describe, get, type Mapping, quote, type Tree } from '../../tree/tree.ts';
import { type Key, type KeyTable, key, type Reader, take, takes } from '../key-table.ts';
import { readMapping } from '../read-mapping.ts';
import { checkName, onViolation, ruleReaders } from './check-keys.ts';

const kinds = Object.entries(ruleReaders).map(([kind, { means, read }]) => key(kind, means, read));

/** Keys of one check: one of the kinds, and what all have. */
export const checkTable: KeyTable = {
  of: 'a check',
  keys: [...(kinds as readonly Key[]), checkName, onViolation],
  rule: { oneOf: kinds.map(({ name }) => ({ required: [name] })) },
};

/** A check without the effect, which its dataset may give. */
export type GivenCheck = CheckRule & {
  readonly name: string;
  readonly on_violation: OnViolation | null;
  /** Its place in the list as written. */
  readonly index: number;
};

/** A check with its place in the list as written. */
export type PlacedCheck = DataCheck & { readonly index: number };

const longestName = 100;

/** A list of checks, each a mapping with one kind. */
export const checks: Reader<GivenCheck[]> = takes(
  (of) => ({ type: 'array', items: of(checkTable) }),
  (value, reading, name) => {
    if (value.kind !== 'list') {
      reading.say('BAD_TYPE', value.range, `"${name}" is a list of checks, but this is ${describe(value)}`);
      return null;
    }
    const read = value.items.map((item, index) => readCheck(item, index, reading));
    const seen = new Map<string, Tree>();
    for (const [index, one] of read.entries()) {
      const item = value.items[index] as Tree;
      if (!one) continue;
      const first = seen.get(one.name);
      seen.set(one.name, first ?? item);
      if (!first) continue;
      const message = `two checks of the dataset are called ${quote(one.name)}; give one of them a "name"`;
      reading.say('DUPLICATE_KEY', item.range, message, { message: 'first given here', at: first.range });
    }
    return read.filter((one) => one !== null);
  },
);

function readCheck(item: Tree, index: number, reading: Reading): GivenCheck | null {
  const map = readMapping(item, checkTable, reading);
  if (map === null) return null;
  const given = kinds.filter(({ name }) => map.entries.has(name));
  const [kind, other] = given;
  if (!kind) {
    reading.say('MISSING_KEY', map.range, `a check needs one of ${kinds.map(({ name }) => name).join(', ')}`);
    return null;
  }
  if (other) {
    const message = `a check has one kind, and this has "${kind.name}" and "${other.name}"; write two checks`;
    reading.say('KEY_CONFLICT', map.entries.get(other.name)?.key ?? map.range, message);
    return null;
  }
  const rule = take(map, kind, reading);
  const wanted = take(map, onViolation, reading);
  if (rule === null) return null;
  if (rule.kind === 'foreign_key' && rule.columns.length !== rule.to.length) {
    const message = `"columns" has ${rule.columns.length} names and "to" has ${rule.to.length}; each column needs one there`;
    reading.say('BAD_VALUE', get(get(map, kind.name), 'to')?.range ?? map.range, message);
    return null;
  }
  const name = nameOf(map, rule, reading);
  return name === null ? null : { ...rule, name, on_violation: wanted, index };
}

function nameOf(map: Mapping, rule: CheckRule, reading: Reading): string | null {
  const given = take(map, checkName, reading);
  if (given === null) return defaultName(rule);
  if (/^[^\p{Cc}]+$/u.test(given) && given.length <= longestName) return given;
  const message = `the name ${quote(given)} of a check is one line of 1 to ${longestName} characters`;
  reading.say('BAD_NAME', map.entries.get('name')?.value.range ?? map.range, message);
  return null;
}

function defaultName(rule: CheckRule): string {
  const columns = columnsOf(rule);
  const name = columns.length === 0 ? rule.kind : `${rule.kind}(${columns.join(', ')})`;
  return name.length > longestName ? `${name.slice(0, longestName - 3)}...` : name;
}

/** The checks with the effect of each; reports those whose rows cannot be set aside. */
export function withEffects(
  given: readonly GivenCheck[],
  ofDataset: OnViolation | null,
  at: { readonly tree: Tree; readonly reading: Reading },
): PlacedCheck[] {
  return given.map((one) => {
    const effect = one.on_violation ?? ofDataset ?? 'block';
    const fits = effect !== 'quarantine' || rowChecks.includes(one.kind);
    if (!fits && one.on_violation === 'quarantine') {
      const item = at.tree.kind === 'list' ? at.tree.items[one.index] : undefined;
      const message = `the check "${one.kind}" says nothing of single rows, so none can go to quarantine; it can "block" or "warn"`;
      at.reading.say('BAD_VALUE', item?.range ?? at.tree.range, message);
    }
    // Quarantine for a whole dataset means the checks that look at rows; the others block.
    return { ...one, on_violation: fits ? effect : 'block' };
  });
}
