import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { awsClientSettings, type Environment } from '../../ports/aws/aws-client-settings.ts';

/** A parameter of Parameter Store, decrypted; undefined when it has no value. To be imported when it is needed. */
export async function readParameter(id: string, env: Environment): Promise<string | undefined> {
  const client = new SSMClient(awsClientSettings(env, 'SSM'));
  return (await client.send(new GetParameterCommand({ Name: id, WithDecryption: true }))).Parameter?.Value;
}
