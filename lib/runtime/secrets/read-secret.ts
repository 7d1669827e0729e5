import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClientSettings, type Environment } from '../../ports/aws/aws-client-settings.ts';

/** A secret of Secrets Manager as text; undefined when it has no value. To be imported when it is needed. */
export async function readSecret(id: string, env: Environment): Promise<string | undefined> {
  const client = new SecretsManagerClient(awsClientSettings(env, 'SECRETS_MANAGER'));
  const { SecretString, SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: id }));
  return SecretString ?? (SecretBinary && Buffer.from(SecretBinary).toString('utf8'));
}
