import {
  CfnSecurityGroup,
  type ISecurityGroup,
  type IVpc,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { ConfigError } from '../../config/parse-settings.ts';
import type { PipelineSettings } from '../../config/pipeline-settings.ts';
import type { Grant } from './grant.ts';

/** The network of all functions of a pipeline. */
export interface FunctionNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroups: readonly ISecurityGroup[];
}

type Network = NonNullable<PipelineSettings['network']>;

/** Finds the subnets and security groups of the functions; null for functions outside any VPC. */
export function functionNetwork(scope: Construct, network: Network | undefined): FunctionNetwork | null {
  if (network === undefined) return null;
  const { vpc, securityGroups } = network;
  checkTogether(network);
  return {
    subnetIds: subnetsOf(network),
    securityGroups: securityGroups?.map((group, index) =>
      typeof group === 'string' ? SecurityGroup.fromSecurityGroupId(scope, `SecurityGroup${index}`, group) : group,
    ) ?? [newGroup(scope, vpc as string | IVpc)],
  };
}

/** Lambda knows a VPC by its subnets alone, so an id that no other key needs would be without effect. */
function checkTogether({ vpc, subnets, securityGroups }: Network): void {
  const hasSubnets = Array.isArray(subnets);
  if (typeof vpc === 'string' && securityGroups !== undefined) {
    throw new ConfigError(
      `"network.vpc" is "${vpc}", but beside "network.securityGroups" an id has no effect; remove it`,
    );
  }
  if ((vpc === undefined || typeof vpc === 'string') && !hasSubnets) {
    throw new ConfigError(
      '"network" needs "subnets", a list of subnets, or "vpc", an `IVpc` as `Vpc.fromLookup` gives it',
    );
  }
  if (vpc === undefined && securityGroups === undefined) {
    throw new ConfigError('"network" needs "securityGroups", or "vpc" for a new security group');
  }
}

const subnetsOf = ({ vpc, subnets }: Network): string[] => {
  if (Array.isArray(subnets)) return subnets.map((subnet) => (typeof subnet === 'string' ? subnet : subnet.subnetId));
  const selection = (subnets as SubnetSelection | undefined) ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
  return (vpc as IVpc).selectSubnets(selection).subnetIds;
};

const newGroup = (scope: Construct, vpc: string | IVpc): ISecurityGroup => {
  const groupDescription = 'Functions of a Daybreak pipeline';
  if (typeof vpc !== 'string') {
    return new SecurityGroup(scope, 'SecurityGroup', { vpc, description: groupDescription, allowAllOutbound: true });
  }
  // The L2 construct needs to know more of a VPC than its id. CloudFormation's own rule lets everything out.
  const { attrGroupId } = new CfnSecurityGroup(scope, 'SecurityGroup', { vpcId: vpc, groupDescription });
  return SecurityGroup.fromSecurityGroupId(scope, 'NewSecurityGroup', attrGroupId);
};

const interfaces = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Grants for a function in a VPC. Lambda itself makes the network interfaces, with the function's role; the second grant keeps the function's own code from doing
 * so, which AWS recommends: requests from code carry `lambda:SourceFunctionArn`.
 */
export const networkGrants: readonly Grant[] = [
  { actions: interfaces, resources: ['*'], because: 'Lambda makes network interfaces before it knows their names' },
  {
    effect: 'Deny',
    actions: interfaces,
    resources: ['*'],
    conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
  },
];
