/** The location of a secret in AWS. */
export interface SecretSource {
  readonly service: 'secretsmanager' | 'ssm';
  readonly id: string;
}

/** The characters that both services allow in a name or an ARN. */
const secretId = /^[A-Za-z0-9/_+=.@:-]{1,512}$/;

/** Reads the location of a secret: `secretsmanager:<id>`, `ssm:/<path>`, or an id of Secrets Manager alone. Null for other texts. */
export function parseSecret(text: string): SecretSource | null {
  const [, service = 'secretsmanager', id = ''] = /^(?:(secretsmanager|ssm):)?(.*)$/s.exec(text) ?? [];
  if (!secretId.test(id) || (service === 'ssm' && !id.startsWith('/') && !id.startsWith('arn:'))) return null;
  return service === 'ssm' || service === 'secretsmanager' ? { service, id } : null;
}
