import { describe, type Entry, quote, type Tree } from '../tree/tree.ts';
import type { KeyTable, ReadValue } from './key-table.ts';
import { readMapping, requireKeys } from './read-mapping.ts';
import { freeMapping, oneOf } from './read-value.ts';

/** Lambda's rule. */
const variable = /^[A-Za-z][A-Za-z0-9_]+$/;

/** Names that Lambda sets or refuses, and our own. */
const reserved = /^(AWS_|LAMBDA_|DAYBREAK_|_HANDLER$|_X_AMZN_)/i;

/** Variables of the function's environment: names to text; numbers and flags become the text that was written. */
export const variables: ReadValue = (value, reading, key) => {
  if (value.kind !== 'map') return freeMapping(value, reading, key);
  const entries = new Map<string, Entry>();
  for (const [name, entry] of value.entries) {
    const complain = (what: string): void =>
      reading.say('BAD_VARIABLE', entry.key, `the environment variable ${quote(name)} ${what}`);
    if (!variable.test(name))
      complain('has a name that is not of at least two letters, digits and "_", beginning with a letter');
    else if (reserved.test(name)) complain('has a name that is reserved for Lambda or Daybreak; choose another');
    else if (entry.value.kind !== 'scalar' || entry.value.value === null)
      complain(`has to be text, a number or a flag, but is ${describe(entry.value)}`);
    else if (entry.value.text.includes('\0')) complain('has a NUL character in its value, which no variable can hold');
    else entries.set(name, { ...entry, value: { ...entry.value, value: entry.value.text } });
  }
  return { ...value, entries };
};

const secretName = /^[A-Za-z_][A-Za-z0-9_.\-/]*$/;
/** What both services allow in a name or an ARN. */
const secretId = /^[A-Za-z0-9/_+=.@:-]{1,512}$/;

/** Where a secret is kept: `secretsmanager:<id>`, `ssm:/<path>`, or an id of Secrets Manager alone. */
export function parseSecret(text: string): { service: 'secretsmanager' | 'ssm'; id: string } | null {
  const [, service = 'secretsmanager', id = ''] = /^(?:(secretsmanager|ssm):)?(.*)$/s.exec(text) ?? [];
  if (!secretId.test(id) || (service === 'ssm' && !id.startsWith('/') && !id.startsWith('arn:'))) return null;
  return service === 'ssm' || service === 'secretsmanager' ? { service, id } : null;
}

/** Secrets: a list of names, or names to where they are kept. */
export const secrets: ReadValue = (value, reading, key) => {
  const check = (name: string, id: Tree, at: Tree): boolean => {
    const complain = (what: string): false => {
      reading.say('BAD_SECRET', at.range, `the secret ${quote(name)} ${what}`);
      return false;
    };
    if (!secretName.test(name)) return complain('has a name that is not of letters, digits, "_", "-", "." and "/"');
    if (id.kind !== 'scalar' || id.value === null)
      return complain(`has to say where it is kept, but is ${describe(id)}`);
    return (
      parseSecret(id.text) !== null ||
      complain(`is kept at ${quote(id.text)}; write secretsmanager:<name or ARN> or ssm:/<path>`)
    );
  };
  if (value.kind === 'map')
    return { ...value, entries: new Map([...value.entries].filter(([name, { value: id }]) => check(name, id, id))) };
  if (value.kind === 'list')
    return {
      ...value,
      items: value.items.filter((item) => check(item.kind === 'scalar' ? item.text : '', item, item)),
    };
  reading.say('BAD_TYPE', value.range, `"${key}" is a list of names or a mapping, but this is ${describe(value)}`);
  return null;
};

const oneOrMore =
  (form: RegExp, says: string): ReadValue =>
  (value, reading, key) => {
    const items = value.kind === 'list' ? value.items : [value];
    const good = items.filter(
      (item) => item.kind === 'scalar' && typeof item.value === 'string' && form.test(item.value),
    );
    for (const item of items.filter((i) => !good.includes(i))) {
      const what = item.kind === 'scalar' ? quote(item.text) : describe(item);
      reading.say('BAD_PERMISSION', item.range, `"${key}" has ${what}; ${says}`);
    }
    if (items.length === 0) reading.say('BAD_PERMISSION', value.range, `"${key}" is empty; ${says}`);
    return good.length === items.length && items.length > 0 ? { kind: 'list', items, range: value.range } : null;
  };

/** Keys of one statement of `permissions`. */
export const permissionKeys: KeyTable = {
  of: 'a permission',
  keys: [
    { name: 'effect', means: '`Allow` (default) or `Deny`', read: oneOf(['Allow', 'Deny']) },
    {
      name: 'actions',
      means: 'one IAM action or a list; `*` alone and `service:*` for every service are refused',
      required: true,
      read: oneOrMore(/^[a-z0-9-]+:[A-Za-z0-9*?]+$/, 'an action names a service and what it does, like s3:GetObject'),
    },
    {
      name: 'resources',
      means: 'one ARN or a list; `*` has to be written out',
      required: true,
      read: oneOrMore(/^(\*|arn:.+)$/s, 'a resource is an ARN, or "*" where the service has no resources'),
    },
    { name: 'conditions', means: 'IAM conditions, as IAM writes them', read: freeMapping },
  ],
};

/** IAM statements of one step's function. */
export const permissions: ReadValue = (value, reading, key) => {
  if (value.kind !== 'list') {
    reading.say('BAD_TYPE', value.range, `"${key}" is a list of statements, but this is ${describe(value)}`);
    return null;
  }
  const items = value.items.flatMap((item) => {
    const read = readMapping(item, permissionKeys, reading);
    requireKeys(item, permissionKeys, reading);
    return read?.entries.has('actions') && read.entries.has('resources') ? [read] : [];
  });
  return { ...value, items };
};
