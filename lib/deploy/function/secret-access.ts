import { Aws } from 'aws-cdk-lib/core';
import type { SecretSource } from '../../input/secret-source.ts';
import type { Grant } from './grant.ts';

const here = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;

const resourceOf = ({ service, id }: SecretSource): string => {
  if (id.startsWith('arn:')) return id;
  if (service === 'ssm') return `arn:${Aws.PARTITION}:ssm:${here}:parameter/${id.replace(/^\//, '')}`;
  // Secrets Manager adds a hyphen and six characters to the name.
  return `arn:${Aws.PARTITION}:secretsmanager:${here}:secret:${id}-??????`;
};

/** Returns grants to read exactly the declared secrets. If your own key encrypts them, the template needs `permissions` for it. */
export function secretGrants(secrets: Readonly<Record<string, SecretSource>>): Grant[] {
  const sources = Object.values(secrets);
  const grant = (service: SecretSource['service'], action: string): Grant[] => {
    const resources = [...new Set(sources.filter((source) => source.service === service).map(resourceOf))];
    return resources.length > 0 ? [{ actions: [action], resources }] : [];
  };
  return [...grant('secretsmanager', 'secretsmanager:GetSecretValue'), ...grant('ssm', 'ssm:GetParameter')];
}
