import { type Code, Function as LambdaFunction, type LayerVersion, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { LambdaArchitecture } from '../../bundle/duckdb-layer.ts';
import type { FunctionIdentity } from './function-identity.ts';
import { architectures } from './query-engine.ts';

export interface RuntimeFunctionProps {
  readonly description: string;
  readonly code: Code;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly architecture: LambdaArchitecture;
  /** The settings that only functions with steps have. */
  readonly data?: { readonly layer: LayerVersion; readonly ephemeralStorageMb: number };
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
    this.fn = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: architectures[props.architecture],
      handler: 'index.handler',
      code: props.code,
      timeout: Duration.seconds(props.timeoutSeconds),
      memorySize: props.memoryMb,
      ...(props.data && {
        layers: [props.data.layer],
        ephemeralStorageSize: Size.mebibytes(props.data.ephemeralStorageMb),
      }),
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
      role: props.identity.role.withoutPolicyUpdates(),
      logGroup: props.identity.logGroup,
      tracing: Tracing.ACTIVE,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
  }
}
