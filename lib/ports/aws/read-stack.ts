import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { awsFault } from './aws-faults.ts';

/** What a CloudFormation stack says of itself. */
export interface StackFacts {
  readonly outputs: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
}

/** A stack's outputs and tags by name; null when there is no such stack. */
export async function readStack(client: CloudFormationClient, name: string): Promise<StackFacts | null> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (!stack) return null;
    return {
      outputs: new Map((stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
      tags: new Map((stack.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    };
  } catch (error) {
    // CloudFormation has no error name of its own for this.
    if (error instanceof Error && /does not exist/.test(error.message)) return null;
    throw awsFault(error, `cannot read the outputs of the stack ${name}`);
  }
}
