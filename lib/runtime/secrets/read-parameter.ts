import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { awsClientSettings } from '../../ports/aws/aws-client-settings.ts';

/** A parameter of Parameter Store, decrypted; undefined when it has no value. To be imported when it is needed. */
export async function readParameter(id: string): Promise<string | undefined> {
  const client = new SSMClient(awsClientSettings(process.env, 'SSM'));
  return (await client.send(new GetParameterCommand({ Name: id, WithDecryption: true }))).Parameter?.Value;
}
