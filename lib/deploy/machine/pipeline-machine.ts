import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import { logRetention } from '../function/function-identity.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';
import { machineName } from '../machine-name.ts';
import { definitionText, partitionPlaceholder } from './machine-definition.ts';
import { machineRole } from './machine-role.ts';

/** In bytes. A larger definition travels as a file beside the template, whose own limit is 1 MB. Escaping in the template adds a third. */
const largestInline = 100 * 1024;

export interface PipelineMachineProps {
  readonly pipeline: string;
  readonly machine: CompiledMachine;
  readonly functions: ReadonlyMap<string, RuntimeFunction>;
  /** A folder for files that the CDK copies into its output. */
  readonly scratch: string;
}

/**
 * The compiled state machine. With a definition from text, the CDK adds no permissions and ignores its own timeout, comment and query language. So all of these
 * come from the definition and from the grants here. The log has every event but no execution data: inputs can hold data that does not belong in logs, and the
 * store has it.
 */
export class PipelineMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { pipeline, machine, functions, scratch }: PipelineMachineProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const role = machineRole(this, [...functions.values()]);
    const text = definitionText(machine.definition);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: machineName(stack),
      definitionBody:
        Buffer.byteLength(text) > largestInline ? inFile(scratch, pipeline, text) : DefinitionBody.fromString(text),
      definitionSubstitutions: {
        ...Object.fromEntries([...functions].map(([name, { fn }]) => [name, fn.currentVersion.functionArn])),
        [partitionPlaceholder]: Aws.PARTITION,
      },
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          // A physical name: this prefix keeps the account's resource policy for log delivery below its size limit.
          logGroupName: `/aws/vendedlogs/states/${stack.stackName}`,
          retention: logRetention,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
  }
}

const inFile = (scratch: string, pipeline: string, text: string): DefinitionBody => {
  const path = join(scratch, `${pipeline}.asl.json`);
  writeFileSync(path, text);
  return DefinitionBody.fromFile(path);
};
