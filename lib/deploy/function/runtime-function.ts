import type { Role } from 'aws-cdk-lib/aws-iam';
import { type Code, Function as LambdaFunction, type LayerVersion, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { LambdaArchitecture } from '../../bundle/duckdb-layer.ts';
import { type Grant, roleWith } from './grant.ts';
import { architectures } from './query-engine.ts';

/** Long enough to look into last month's failures; the records of a run stay in the store. */
export const logRetention = RetentionDays.ONE_MONTH;

export interface RuntimeFunctionProps {
  readonly description: string;
  readonly code: Code;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly architecture: LambdaArchitecture;
  /** What only functions have that run steps. */
  readonly data?: { readonly layer: LayerVersion; readonly ephemeralStorageMb: number };
  readonly environment: Readonly<Record<string, string>>;
  readonly grants: readonly Grant[];
}

/**
 * One Lambda function of a pipeline: four resources (function, role, log group, version).
 * Its role has the given grants, its own logs and X-Ray, and nothing else. Versions are retained: an execution that runs during a deployment
 * goes on with the code it began with.
 */
export class RuntimeFunction extends Construct {
  readonly fn: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: RuntimeFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY });
    this.role = roleWith(this, 'Role', {
      principal: 'lambda.amazonaws.com',
      grants: [
        ...props.grants,
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] },
        {
          actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
          resources: ['*'],
          because: 'X-Ray has no resource-level permissions for writing traces',
        },
      ],
    });
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
      role: this.role.withoutPolicyUpdates(),
      logGroup,
      tracing: Tracing.ACTIVE,
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
    });
  }
}
