import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  type CfnFunction,
  type Code,
  Function as LambdaFunction,
  type LayerVersion,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { LambdaArchitecture } from '../../bundle/layers/duckdb-layer.ts';
import type { FunctionIdentity } from './function-identity.ts';
import type { FunctionNetwork } from './function-network.ts';
import { architectures } from './pipeline-layers.ts';

/** The settings that all functions of a pipeline share. */
export interface FunctionSettings {
  readonly architecture: LambdaArchitecture;
  readonly network: FunctionNetwork | null;
  /** Encrypts the variables; null for the key that AWS manages. */
  readonly encryptionKey: IKey | null;
}

export interface RuntimeFunctionProps {
  readonly description: string;
  readonly code: Code;
  readonly handler: string;
  readonly layers: readonly LayerVersion[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly settings: FunctionSettings;
  /** The settings that only functions with steps have. */
  readonly steps?: { readonly ephemeralStorageMb: number; readonly reservedConcurrency: number | null };
  readonly environment: Readonly<Record<string, string>>;
  readonly identity: FunctionIdentity;
}

/**
 * One Lambda function of a pipeline, and its version. Versions are retained: an execution that runs during a deployment continues with the code it began with.
 */
export class RuntimeFunction extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: RuntimeFunctionProps) {
    super(scope, id);
    const { settings, steps } = props;
    this.fn = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: architectures[settings.architecture],
      handler: props.handler,
      code: props.code,
      layers: [...props.layers],
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      ...(steps && { ephemeralStorageSize: Size.mebibytes(steps.ephemeralStorageMb) }),
      ...(steps?.reservedConcurrency && { reservedConcurrentExecutions: steps.reservedConcurrency }),
      ...(settings.encryptionKey && { environmentEncryption: settings.encryptionKey }),
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
      role: props.identity.role.withoutPolicyUpdates(),
      logGroup: props.identity.logGroup,
      tracing: Tracing.ACTIVE,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
    if (settings.network) {
      // The L2 construct would attach a managed policy of AWS to the role.
      (this.fn.node.defaultChild as CfnFunction).vpcConfig = {
        subnetIds: [...settings.network.subnetIds],
        securityGroupIds: settings.network.securityGroups.map(({ securityGroupId }) => securityGroupId),
      };
    }
  }
}
