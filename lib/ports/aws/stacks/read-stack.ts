import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { awsFault } from '../aws-faults.ts';

/** A CloudFormation stack's own data. */
export interface StackFacts {
  readonly outputs: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
}

/** Returns a stack's outputs and tags by name; null if the stack does not exist. */
export async function readStack(client: CloudFormationClient, name: string): Promise<StackFacts | null> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (!stack) return null;
    return {
      outputs: new Map((stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
      tags: new Map((stack.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    };
  } catch (error) {
    // CloudFormation has no separate error name for this.
    if (error instanceof Error && /does not exist/.test(error.message)) return null;
    throw awsFault(error, `cannot read the outputs of the stack ${name}`);
  }
}
