import { Stack, type StackProps, Tags } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { PipelinePlan } from '../compiler/plan/plan.ts';
import type { CompiledMachine } from '../compiler/states/emit-machine.ts';
import { PipelineAlarms } from './alarms/pipeline-alarms.ts';
import type { FunctionCode } from './function/bundled-code.ts';
import { PipelineFunctions } from './function/pipeline-functions.ts';
import { QueryEngine, type QueryEngineProps } from './function/query-engine.ts';
import { deadLetterQueue } from './machine/dead-letter-queue.ts';
import { PipelineMachine } from './machine/pipeline-machine.ts';
import { Reconciliation } from './machine/reconciliation.ts';
import { addOutputs } from './pipeline-outputs.ts';
import { limitResources } from './resource-limit.ts';
import { PipelineSchedule } from './schedule/pipeline-schedule.ts';
import { quietHours } from './schedule/schedule-gap.ts';
import type { SharedStack } from './shared-stack.ts';

export interface PipelineStackProps extends StackProps, QueryEngineProps {
  readonly plan: PipelinePlan;
  readonly machine: CompiledMachine;
  readonly shared: SharedStack;
  readonly code: FunctionCode;
  /** A folder for files that the CDK copies into its output. */
  readonly scratch: string;
}

/** One pipeline, in any region and account: its functions, its machine, its alarms and its schedule. */
export class PipelineStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { plan, machine, shared, architecture, layer, code, scratch, ...props }: PipelineStackProps,
  ) {
    super(scope, id, {
      description: `Daybreak pipeline ${plan.namespace}/${plan.name} ${plan.version}`,
      ...props,
    });
    // Tags belong on the resources, not on the stack: `cdk deploy --tags` replaces the tags of a stack.
    Tags.of(this).add('daybreak:pipeline', plan.name);
    Tags.of(this).add('daybreak:namespace', plan.namespace);
    this.addStackDependency(shared);
    const { store, eventBusArn, topicArns } = shared;

    const deadLetters = deadLetterQueue(this, 'DeadLetters');
    const queryEngine = new QueryEngine(this, 'QueryEngine', { architecture, layer });
    const functions = new PipelineFunctions(this, 'Functions', {
      plan,
      machine,
      store,
      eventBusArn,
      deadLetters,
      architecture,
      queryEngine: queryEngine.layer,
      code,
    });
    const { stateMachine } = new PipelineMachine(this, 'Machine', {
      pipeline: plan.name,
      machine,
      functions: functions.invoked,
      scratch,
    });
    new Reconciliation(this, 'Reconciliation', {
      stateMachine,
      reconcile: functions.reconcile,
      quietHours: quietHours(plan),
    });
    if (plan.schedule) {
      new PipelineSchedule(this, 'Schedule', {
        pipeline: plan.name,
        schedule: plan.schedule,
        stateMachine,
        undelivered: deadLetterQueue(this, 'UndeliveredStarts'),
      });
    }
    new PipelineAlarms(this, 'Alarms', {
      plan,
      stateMachine,
      reconcile: functions.reconcile,
      deadLetters,
      topicArns,
    });
    addOutputs(this, { plan, stateMachine, deadLetters, store });
    limitResources(this, plan.name, machine.functions.length);
  }
}
