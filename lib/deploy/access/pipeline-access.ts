import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { indexPrefix } from '../../contract/index-keys.ts';
import { leasesPrefix, runsPrefix } from '../../contract/object-keys.ts';
import type { PipelineParts } from '../pipeline-parts.ts';
import type { PipelineStore } from '../store/pipeline-store.ts';

/** Grants for other principals. */
export class PipelineAccess {
  readonly #pipeline: string;
  readonly #store: PipelineStore;
  readonly #parts: PipelineParts;

  constructor(pipeline: string, store: PipelineStore, parts: PipelineParts) {
    this.#pipeline = pipeline;
    this.#store = store;
    this.#parts = parts;
  }

  grantStart(grantee: IGrantable): Grant {
    const { stateMachine } = this.#parts;
    const start = stateMachine.grantStartExecution(grantee);
    return start.combine(stateMachine.grantExecution(grantee, 'states:DescribeExecution'));
  }

  grantRead(grantee: IGrantable): Grant {
    const { arn, prefix, keyArn } = this.#store.place;
    const { stateMachine } = this.#parts;
    const folders = [runsPrefix, indexPrefix, leasesPrefix].map((folder) => `${prefix}${folder(this.#pipeline)}*`);
    return combined(
      allow(
        grantee,
        ['s3:GetObject'],
        folders.map((folder) => `${arn}/${folder}`),
      ),
      allow(grantee, ['s3:ListBucket'], [arn], { StringLikeIfExists: { 's3:prefix': folders } }),
      ...(keyArn === null ? [] : [allow(grantee, ['kms:Decrypt'], [keyArn])]),
      stateMachine.grant(grantee, 'states:ListExecutions', 'states:DescribeStateMachine'),
      stateMachine.grantExecution(grantee, 'states:DescribeExecution', 'states:GetExecutionHistory'),
    );
  }

  grantOperate(grantee: IGrantable): Grant {
    const { arn, prefix, keyArn } = this.#store.place;
    const { deadLetters, stateMachine, encryptionKey } = this.#parts;
    const folders = [runsPrefix, indexPrefix].map((folder) => `${arn}/${prefix}${folder(this.#pipeline)}*`);
    return combined(
      this.grantRead(grantee),
      this.grantStart(grantee),
      stateMachine.grantExecution(grantee, 'states:RedriveExecution', 'states:StopExecution'),
      allow(grantee, ['s3:PutObject'], folders),
      ...(keyArn === null ? [] : [allow(grantee, ['kms:GenerateDataKey'], [keyArn])]),
      deadLetters.grantConsumeMessages(grantee),
      deadLetters.grantSendMessages(grantee),
      ...(encryptionKey === null
        ? []
        : [allow(grantee, ['kms:Decrypt', 'kms:GenerateDataKey'], [encryptionKey.keyArn])]),
    );
  }
}

const allow = (grantee: IGrantable, actions: string[], resourceArns: string[], condition?: Record<string, unknown>) =>
  Grant.addToPrincipal({
    grantee,
    actions,
    resourceArns,
    ...(condition && { conditions: condition as Record<string, Record<string, unknown>> }),
  });

const combined = (first: Grant, ...others: readonly Grant[]): Grant =>
  others.reduce((all, other) => all.combine(other), first);
