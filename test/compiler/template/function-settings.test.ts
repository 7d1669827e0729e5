import { expect, test } from 'vitest';
import { stepWith } from './parse.ts';

const codes = (keys: string) => stepWith(keys).parsed.found.map((d) => d.code);

test.each([
  'AWS_REGION',
  'LAMBDA_TASK_ROOT',
  'DAYBREAK_STORE',
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'aws_x',
  'A',
  '_REGION',
  '1A',
  'A-B',
  'A B',
  '',
])('a variable cannot be named %j', (name) => {
  expect(codes(`environment: { "${name}": x }`)).toEqual(['BAD_VARIABLE']);
});

test.each(['[1]', '{ a: 1 }', 'null'])('a variable cannot be %s', (value) =>
  expect(codes(`environment: { AA: ${value} }`)).toEqual(['BAD_VARIABLE']),
);

test('variables are what was written, as text', () => {
  expect(stepWith('environment: { A1: 1.50, B1: "", C1: 0x10, AWSOME: on }').step?.environment).toEqual({
    A1: '1.50',
    B1: '',
    C1: '0x10',
    AWSOME: 'on',
  });
});

test('a variable has no NUL, and all of a step fit into the 4 KB of Lambda', () => {
  expect(codes('environment: { AA: "a\\0b" }')).toEqual(['BAD_VARIABLE']);
  expect(codes(`environment: { AA: ${'x'.repeat(3600)} }`)).toEqual([]);
  expect(codes(`environment: { AA: ${'x'.repeat(3700)} }`)).toEqual(['BAD_VARIABLE']);
  // Lambda measures the JSON of all, so quotation marks count twice, and characters by their bytes.
  expect(codes(`environment: { AA: '${'"'.repeat(1900)}' }`)).toEqual(['BAD_VARIABLE']);
  expect(codes(`environment: { AA: ${'\u00e9'.repeat(1900)} }`)).toEqual(['BAD_VARIABLE']);
  const secrets = Array.from({ length: 60 }, (_, index) => `s${index}: "ssm:/team/service/secret/number/${index}"`);
  expect(codes(`secrets: { ${secrets.slice(0, 20).join(', ')} }`)).toEqual([]);
  expect(codes(`secrets: { ${secrets.join(', ')} }`)).toEqual(['BAD_VARIABLE']);
});

test('a secret is kept in Secrets Manager or in the parameter store', () => {
  const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:crm-AbCdEf';
  expect(stepWith(`secrets: { a: prod/crm, b: "secretsmanager:x", c: "ssm:/p/q", d: "${arn}" }`).step?.secrets).toEqual(
    {
      a: { service: 'secretsmanager', id: 'prod/crm' },
      b: { service: 'secretsmanager', id: 'x' },
      c: { service: 'ssm', id: '/p/q' },
      d: { service: 'secretsmanager', id: arn },
    },
  );
});

test.each([
  '{ a: "ssm:p" }',
  '{ a: "" }',
  '{ a: [x] }',
  '{ a: null }',
  '{ "a b": x }',
  '["a b"]',
  '[[x]]',
  '{ a: "x y" }',
])('secrets: %s is refused', (secrets) => {
  expect(codes(`secrets: ${secrets}`)).toEqual(['BAD_SECRET']);
});

test.each([
  ['{ actions: "*", resources: "*" }', ['BAD_PERMISSION']],
  ['{ actions: "*:*", resources: "*" }', ['BAD_PERMISSION']],
  ['{ actions: GetObject, resources: "*" }', ['BAD_PERMISSION']],
  ['{ actions: s3:GetObject }', ['MISSING_KEY']],
  ['{ resources: "*" }', ['MISSING_KEY']],
  ['{ actions: [], resources: "*" }', ['BAD_PERMISSION']],
  ['{ actions: s3:GetObject, resources: bucket }', ['BAD_PERMISSION']],
  ['{ actions: s3:GetObject, resources: "*", effect: allow }', ['BAD_VALUE']],
  ['{ action: s3:GetObject, actions: s3:GetObject, resources: "*" }', ['UNKNOWN_KEY']],
  ['text', ['BAD_TYPE']],
])('permissions: [%s] is refused', (statement, expected) =>
  expect(codes(`permissions: [${statement}]`)).toEqual(expected),
);

test('the project is not left by local.setup', async () => {
  const { parse } = await import('./parse.ts');
  const setup = (path: string) => parse(`name: p\nsteps: [{ name: a, handler: a }]\nlocal: { setup: "${path}" }`).codes;
  for (const path of ['../x.ts', '/x.ts', 'C:\\\\x.ts', 'x', 'x.py']) expect(setup(path)).toEqual(['BAD_PATH 3:17']);
});
