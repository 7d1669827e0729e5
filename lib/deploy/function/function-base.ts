import { ManagedPolicy, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PipelineSettings } from '../../config/pipeline-settings.ts';
import { defaultLogRetention } from './function-identity.ts';
import { functionNetwork, networkGrants } from './function-network.ts';
import type { Grant } from './grant.ts';

/** Makes what all functions of a scope share, by its settings. Tags and the permissions boundary go to everything in the scope. */
export function functionBase(scope: Construct, tags: Readonly<Record<string, string>>, settings: PipelineSettings) {
  applyToAll(scope, { ...settings.tags, ...tags }, settings.permissionsBoundary);
  const encryptionKey = keyOf(scope, settings.encryptionKey);
  const network = functionNetwork(scope, settings.network);
  const architecture = settings.architecture ?? 'arm64';
  const logRetention = settings.logRetention ?? defaultLogRetention;
  const keyGrants: readonly Grant[] = encryptionKey
    ? [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [encryptionKey.keyArn] }]
    : [];
  return {
    encryptionKey,
    network,
    architecture,
    logRetention,
    keyGrants,
    identities: { logRetention, always: [...keyGrants, ...(network ? networkGrants : [])] },
    queues: {
      encryptionKey,
      removalPolicy: settings.removalPolicy === 'destroy' ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    },
  };
}

function applyToAll(
  scope: Construct,
  tags: Readonly<Record<string, string>>,
  boundary: PipelineSettings['permissionsBoundary'],
): void {
  for (const [tag, value] of Object.entries(tags)) Tags.of(scope).add(tag, value);
  if (boundary === undefined) return;
  const policy =
    typeof boundary !== 'string'
      ? boundary
      : boundary.startsWith('arn:')
        ? ManagedPolicy.fromManagedPolicyArn(scope, 'PermissionsBoundary', boundary)
        : ManagedPolicy.fromManagedPolicyName(scope, 'PermissionsBoundary', boundary);
  PermissionsBoundary.of(scope).apply(policy);
}

const keyOf = (scope: Construct, key: PipelineSettings['encryptionKey']): IKey | null =>
  typeof key === 'string' ? Key.fromKeyArn(scope, 'EncryptionKey', key) : (key ?? null);
