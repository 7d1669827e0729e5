import {
  Effect,
  PolicyDocument,
  PolicyStatement,
  type PrincipalBase,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Stack, Validations } from 'aws-cdk-lib/core';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { Construct } from 'constructs';

/** The actions that a role may perform. A wildcard needs a reason: without one cdk-nag refuses the stack. */
export interface Grant {
  readonly effect?: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
  /** The reason why a resource or action with `*` cannot be more specific. */
  readonly because?: string;
}

/** Returns the policy statement of a grant. */
export function statementOf({ effect = 'Allow', actions, resources, conditions }: Grant): PolicyStatement {
  return new PolicyStatement({
    effect: Effect[effect === 'Allow' ? 'ALLOW' : 'DENY'],
    actions: [...actions],
    resources: [...resources],
    ...(conditions && { conditions }),
  });
}

/**
 * Acknowledges exactly the wildcards of the grants that give a reason. It does so again before the stacks are written: only then is it known how a reference to
 * another stack reads.
 */
export function acknowledgeWildcards(scope: Construct, grants: readonly Grant[]): void {
  acknowledgeNow(scope, grants);
  const again = (): string[] => {
    acknowledgeNow(scope, grants);
    return [];
  };
  scope.node.addValidation({ validate: again });
}

function acknowledgeNow(scope: Construct, grants: readonly Grant[]): void {
  for (const { actions, resources, because } of grants) {
    if (because === undefined) continue;
    const findings = [
      ...actions.map((action) => `Action::${action}`),
      ...resources.map((resource) => `Resource::${flattenCfnReference(Stack.of(scope).resolve(resource))}`),
    ].filter((finding) => finding.includes('*'));
    for (const finding of findings) {
      Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason: because });
    }
  }
}

/** Makes a role for a service with only these grants. It blocks the policies that CDK constructs would add. */
export function roleWith(
  scope: Construct,
  id: string,
  { principal, grants }: { readonly principal: string | PrincipalBase; readonly grants: readonly Grant[] },
): Role {
  const role = new Role(scope, id, {
    assumedBy: typeof principal === 'string' ? new ServicePrincipal(principal) : principal,
    inlinePolicies: { Grants: new PolicyDocument({ statements: grants.map(statementOf) }) },
  });
  acknowledgeWildcards(role, grants);
  return role;
}
