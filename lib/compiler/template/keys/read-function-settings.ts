import type { JsonObject } from '../../../contract/json.ts';
import { parseSecret, type SecretSource } from '../../../input/secret-source.ts';
import type { PermissionTemplate } from '../template.ts';
import type { Reading } from '../tree/reading.ts';
import { describe, quote, type Tree } from '../tree/tree.ts';
import { type Key, type KeyTable, type Reader, take, takes } from './key-table.ts';
import { readMapping, requireKeys } from './read-mapping.ts';
import { freeMapping, mapping, oneOf } from './read-value.ts';

/** Lambda's rule. */
const variable = /^[A-Za-z][A-Za-z0-9_]+$/;

/** Names that Lambda sets or refuses, and our own. */
const reserved = /^(AWS_|LAMBDA_|DAYBREAK_|_HANDLER$|_X_AMZN_)/i;

/** Variables of the function's environment: names to text; numbers and flags become the text that was written. */
export const variables: Reader<Record<string, string>> = takes(
  {
    type: 'object',
    propertyNames: { pattern: variable.source },
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  },
  (value, reading, key) => {
    const variables: [string, string][] = [];
    for (const [name, { key: at, value: one }] of mapping(value, reading, key)?.entries ?? []) {
      const complain = (what: string): void =>
        reading.say('BAD_VARIABLE', at, `the environment variable ${quote(name)} ${what}`);
      if (!variable.test(name))
        complain('has a name that is not of at least two letters, digits and "_", beginning with a letter');
      else if (reserved.test(name)) complain('has a name that is reserved for Lambda or Daybreak; choose another');
      else if (one.kind !== 'scalar' || one.value === null)
        complain(`has to be text, a number or a flag, but is ${describe(one)}`);
      else if (one.text.includes('\0')) complain('has a NUL character in its value, which no variable can hold');
      else variables.push([name, one.text]);
    }
    return Object.fromEntries(variables);
  },
);

const secretName = /^[A-Za-z_][A-Za-z0-9_.\-/]*$/;
/** Secrets: a list of names, or names to where they are kept. */
export const secrets: Reader<Record<string, SecretSource>> = takes(
  {
    anyOf: [
      { type: 'array', items: { type: ['string', 'number', 'boolean'], pattern: secretName.source } },
      {
        type: 'object',
        propertyNames: { pattern: secretName.source },
        additionalProperties: { type: ['string', 'number', 'boolean'] },
      },
    ],
  },
  (value, reading, key) => {
    const named: (readonly [string, Tree])[] =
      value.kind === 'map'
        ? [...value.entries].map(([name, { value: id }]) => [name, id])
        : value.kind === 'list'
          ? value.items.map((item) => [item.kind === 'scalar' ? item.text : '', item])
          : [];
    if (value.kind === 'scalar')
      reading.say('BAD_TYPE', value.range, `"${key}" is a list of names or a mapping, but this is ${describe(value)}`);
    return Object.fromEntries(
      named.flatMap(([name, id]) => {
        const secret = readSecret(name, id, reading);
        return secret ? [[name, secret]] : [];
      }),
    );
  },
);

function readSecret(name: string, id: Tree, reading: Reading): SecretSource | null {
  const complain = (what: string): null => {
    reading.say('BAD_SECRET', id.range, `the secret ${quote(name)} ${what}`);
    return null;
  };
  if (!secretName.test(name)) return complain('has a name that is not of letters, digits, "_", "-", "." and "/"');
  if (id.kind !== 'scalar' || id.value === null) return complain(`has to say where it is kept, but is ${describe(id)}`);
  const secret = parseSecret(id.text);
  // A text in another form may be the secret itself, so the message does not quote it.
  const where = /^(?:ssm|secretsmanager):/.test(id.text)
    ? `is kept at ${quote(id.text)}`
    : 'does not say where it is kept';
  return secret ?? complain(`${where}; write secretsmanager:<name or ARN> or ssm:/<path>`);
}

const oneOrMoreSchema = ({ source: pattern }: RegExp): JsonObject => ({
  type: ['string', 'array'],
  minItems: 1,
  pattern,
  items: { type: 'string', pattern },
});

const oneOrMore = (form: RegExp, says: string): Reader<string[]> =>
  takes(oneOrMoreSchema(form), (value, reading, key) => {
    const items = value.kind === 'list' ? value.items : [value];
    if (items.length === 0) reading.say('BAD_PERMISSION', value.range, `"${key}" is empty; ${says}`);
    const good = items.flatMap((item): string[] => {
      if (item.kind === 'scalar' && typeof item.value === 'string' && form.test(item.value)) return [item.value];
      const what = item.kind === 'scalar' ? quote(item.text) : describe(item);
      reading.say('BAD_PERMISSION', item.range, `"${key}" has ${what}; ${says}`);
      return [];
    });
    return good.length === items.length && items.length > 0 ? good : null;
  });

const effect = {
  name: 'effect',
  means: '`Allow` (default) or `Deny`',
  read: oneOf(['Allow', 'Deny']),
} satisfies Key;

const actions = {
  name: 'actions',
  means: 'one IAM action or a list; `*` alone and `service:*` for every service are refused',
  required: true,
  read: oneOrMore(/^[a-z0-9-]+:[A-Za-z0-9*?]+$/, 'an action names a service and what it does, like s3:GetObject'),
} satisfies Key;

const resources = {
  name: 'resources',
  means: 'one ARN or a list; `*` has to be written out',
  required: true,
  read: oneOrMore(/^(\*|arn:.+)$/s, 'a resource is an ARN, or "*" where the service has no resources'),
} satisfies Key;

const conditions = {
  name: 'conditions',
  means: 'IAM conditions, as IAM writes them',
  read: freeMapping,
} satisfies Key;

/** Keys of one statement of `permissions`. */
export const permissionKeys: KeyTable = { of: 'a permission', keys: [effect, actions, resources, conditions] };

/** IAM statements of one step's function. */
export const permissions: Reader<PermissionTemplate[]> = takes(
  (of) => ({ type: 'array', items: of(permissionKeys) }),
  (value, reading, key) => {
    if (value.kind !== 'list') {
      reading.say('BAD_TYPE', value.range, `"${key}" is a list of statements, but this is ${describe(value)}`);
      return null;
    }
    return value.items.flatMap((item) => {
      const statement = readMapping(item, permissionKeys, reading);
      requireKeys(item, permissionKeys, reading);
      const [which, what, where] = [
        take(statement, effect, reading),
        take(statement, actions, reading),
        take(statement, resources, reading),
      ];
      const when = take(statement, conditions, reading);
      return what && where ? [{ effect: which ?? 'Allow', actions: what, resources: where, conditions: when }] : [];
    });
  },
);
