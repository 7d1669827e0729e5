import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Redactor } from '../../../lib/runtime/secrets/redactor.ts';

const knows = (...secrets: readonly string[]): Redactor => {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
};

describe('a secret is replaced', () => {
  // Written by Python's json, urllib, html, base64 and binascii.
  test.each([
    ['itself', 'p"ss/wörd+1 &x'],
    ['JSON', 'p\\"ss/wörd+1 &x'],
    ['JSON in ASCII', 'p\\"ss/w\\u00f6rd+1 &x'],
    ['JSON in JSON', 'p\\\\\\"ss/wörd+1 &x'],
    ['a URL', 'p%22ss%2Fw%C3%B6rd%2B1%20%26x'],
    ['a URL in lower case', 'p%22ss%2fw%c3%b6rd%2b1%20%26x'],
    ['a form', 'p%22ss%2Fw%C3%B6rd%2B1+%26x'],
    ['a path', 'p%22ss/w%C3%B6rd+1%20&x'],
    ['HTML', 'p&quot;ss/wörd+1 &amp;x'],
    ['Base64', 'cCJzcy93w7ZyZCsxICZ4'],
    ['hexadecimal digits', '702273732f77c3b672642b31202678'],
    ['capital hexadecimal digits', '702273732F77C3B672642B31202678'],
    ['the bytes of a buffer', '70 22 73 73 2f 77 c3 b6 72 64 2b 31 20 26 78'],
    ['bytes with colons', '70:22:73:73:2f:77:c3:b6:72:64:2b:31:20:26:78'],
  ])('as %s', (_, form) => {
    expect(knows('p"ss/wörd+1 &x').redact(`(${form})`)).toBe('([secret])');
  });

  test.each([
    ['u', 'dTpUcjB1YjRkb3ImMw=='],
    ['us', 'dXM6VHIwdWI0ZG9yJjM='],
    ['use', 'dXNlOlRyMHViNGRvciYz'],
    ['user', 'dXNlcjpUcjB1YjRkb3ImMw=='],
  ])('in the Base64 of a longer text, at any place: %s', (_, coded) => {
    const redacted = knows('Tr0ub4dor&3').redact(`Authorization: Basic ${coded}`);
    expect(redacted).toContain('[secret]');
    // The rest decides less than one character of the secret.
    expect(Buffer.from(redacted.split('[secret]')[1] ?? '', 'base64').length).toBeLessThanOrEqual(1);
    expect(redacted.split('Basic ')[1]?.split('[secret]')[0]?.length).toBeLessThanOrEqual(7);
  });

  test('where a shorter secret is a part of it', () => {
    expect(knows('abc', 'abcdef').redact('abcdef abc')).toBe('[secret] [secret]');
  });

  test('with its password alone, when it is a URL or a connection string', () => {
    const { redact } = knows('postgres://app:hunter%2F2@db.example.com/crm', "host=db user=app password='qu\\'ux7'");
    expect(redact('hunter%2F2 hunter/2 for app at db.example.com')).toBe('[secret] [secret] for app at db.example.com');
    expect(redact("login qu'ux7")).toBe('login [secret]');
  });

  test('with the fields of its JSON that are secret, and not those that logs need', () => {
    const secret = JSON.stringify({ username: 'admin', password: 'Tr0ub4dor', host: 'db', nested: [{ api_key: 'k' }] });
    expect(knows(secret).redact('admin at db used Tr0ub4dor')).toBe('admin at db used [secret]');
    expect(knows(secret).redact('k')).toBe('[secret]');
  });

  test('line by line, when it is a key', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ\nVRpqzWZKy1aGZ9r4HmQ\n-----END PRIVATE KEY-----\n';
    expect(knows(key).redact("'MC4CAQAwBQYDK2VwBCIEIJ\\n' +\n  'VRpqzWZKy1aGZ9r4HmQ\\n'")).toBe(
      "'[secret]\\n' +\n  '[secret]\\n'",
    );
  });
});

test('the passwords of the environment are secrets, its other values are not', () => {
  const redactor = new Redactor();
  redactor.addEnvironment({
    DATABASE_URL: 'postgres://app:hunter22@db/crm',
    LOCAL_URL: 'postgres://postgres:postgres@127.0.0.1/crm',
    DAYBREAK_SECRET_CRM: 'crm-token',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI',
    DAYBREAK_SECRETS: '{"crm":{"service":"ssm","id":"/crm"}}',
    HOME: '/home/me',
    PWD: '/home/me/project',
  });
  expect(redactor.redact('hunter22 crm-token wJalrXUtnFEMI postgres /home/me/project ssm')).toBe(
    '[secret] [secret] [secret] postgres /home/me/project ssm',
  );
});

test('an error loses the secrets of its message, stack and causes', () => {
  const error = new Error('with s3cret', { cause: new AggregateError([new Error('s3cret too')], 'both s3cret') });
  knows('s3cret').redactError(error);
  const { cause } = error as { cause: AggregateError };
  const written = [error.message, error.stack, cause.message, cause.stack, cause.errors[0]?.message].join('\n');
  expect(written).not.toContain('s3cret');
  expect(error.message).toBe('with [secret]');
});

test('a guarded process prints no secret, by any of its ways', () => {
  const program = fileURLToPath(new URL('./print-secret-process.ts', import.meta.url));
  const printed = execFileSync('/bin/sh', ['-c', '"$0" "$1" 2>&1 || true', process.execPath, program], {
    encoding: 'utf8',
  });
  expect(printed.split('\n').filter((line) => /^\d /.test(line))).toEqual([
    '1 [secret]',
    "2 { password: '[secret]' }",
    '3 [secret]',
    '4 [secret]',
    '5 [secret]',
    '6 a plain { value: 1 }',
  ]);
  expect(printed).toContain('Error: 7 [secret]');
  expect(printed).not.toContain('s3cret');
});
