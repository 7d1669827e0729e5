import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Aws, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { CompiledMachine } from '../../compiler/states/emit-machine.ts';
import type { RuntimeFunction } from '../function/runtime-function.ts';
import { machineName } from '../machine-name.ts';
import { definitionText, partitionPlaceholder } from './machine-definition.ts';
import { machineRole } from './machine-role.ts';

/** In bytes. A larger definition travels as a file beside the template, whose own limit is 1 MB. Escaping in the template adds a third. */
const largestInline = 100 * 1024;

export interface PipelineMachineProps {
  /** The name that the machine's own name comes from. */
  readonly name: string;
  readonly machine: CompiledMachine;
  readonly functions: ReadonlyMap<string, RuntimeFunction>;
  readonly logRetention: RetentionDays;
  /** A folder for a definition that is too large for the template; the CDK copies from there. */
  readonly folder: string;
}

/**
 * The compiled state machine. With a definition from text, the CDK adds no permissions and ignores its own timeout, comment and query language. So all of these
 * come from the definition and from the grants here. The log has every event but no execution data: inputs can hold data that does not belong in logs, and the
 * store has it.
 */
export class PipelineMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { name, machine, functions, ...props }: PipelineMachineProps) {
    super(scope, id);
    const role = machineRole(this, [...functions.values()]);
    const text = definitionText(machine.definition);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: machineName(name),
      definitionBody:
        Buffer.byteLength(text) > largestInline ? inFile(text, props.folder) : DefinitionBody.fromString(text),
      definitionSubstitutions: {
        ...Object.fromEntries(
          [...functions].map(([placeholder, { fn }]) => [placeholder, fn.currentVersion.functionArn]),
        ),
        [partitionPlaceholder]: Aws.PARTITION,
      },
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          // A physical name: this prefix keeps the account's resource policy for log delivery below its size limit.
          logGroupName: `/aws/vendedlogs/states/${name}`,
          retention: props.logRetention,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
  }
}

const inFile = (text: string, folder: string): DefinitionBody => {
  const path = join(folder, `${createHash('sha256').update(text).digest('hex')}.asl.json`);
  if (!existsSync(path)) writeFileSync(path, text);
  return DefinitionBody.fromFile(path);
};
