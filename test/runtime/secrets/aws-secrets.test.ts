import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { secretsFromEnvironment } from '../../../lib/runtime/secrets/secrets.ts';
import { errorOf, StoppedClock } from '../fixtures.ts';

const manager = mockClient(SecretsManagerClient);
const parameters = mockClient(SSMClient);
const secrets = () =>
  secretsFromEnvironment(
    {
      DAYBREAK_STORE: 's3://bucket',
      DAYBREAK_SECRETS: JSON.stringify({
        hook: { service: 'secretsmanager', id: 'slack/hook' },
        token: { service: 'ssm', id: '/crm' },
      }),
    },
    new StoppedClock(),
  );
const fault = (name: string) => Object.assign(new Error('with details'), { name });

beforeEach(() => {
  process.env.AWS_REGION ??= 'eu-central-1';
  manager.reset();
  parameters.reset();
});

describe('secrets in AWS', () => {
  test('come from Secrets Manager as text, or as bytes of text', async () => {
    manager.on(GetSecretValueCommand, { SecretId: 'slack/hook' }).resolves({ SecretString: 'one' });
    expect(await secrets().read('hook')).toBe('one');
    manager.reset();
    manager.on(GetSecretValueCommand).resolves({ SecretBinary: new TextEncoder().encode('zwei') });
    expect(await secrets().read('hook')).toBe('zwei');
  });

  test('come from Parameter Store, decrypted', async () => {
    parameters
      .on(GetParameterCommand, { Name: '/crm', WithDecryption: true })
      .resolves({ Parameter: { Value: 'three' } });
    expect(await secrets().read('token')).toBe('three');
  });

  test.each([
    ['ResourceNotFoundException', 'PermanentError'],
    ['AccessDeniedException', 'PermanentError'],
    ['ThrottlingException', 'PlatformError'],
    ['InternalServiceError', 'PlatformError'],
  ])('that end with %s are a %s, named by their id', async (name, expected) => {
    manager.on(GetSecretValueCommand).rejects(fault(name));
    expect(await errorOf(secrets().read('hook'))).toMatchObject({
      name: expected,
      message: `the secretsmanager secret slack/hook cannot be read: ${name}`,
    });
  });

  test('are read again after a fault', async () => {
    manager.on(GetSecretValueCommand).rejectsOnce(fault('ThrottlingException')).resolves({ SecretString: 'one' });
    const both = secrets();
    await errorOf(both.read('hook'));
    expect(await both.read('hook')).toBe('one');
  });
});
