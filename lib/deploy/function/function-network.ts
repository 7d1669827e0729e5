import { type ISecurityGroup, type IVpc, SecurityGroup, type SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { ConfigError } from '../../config/parse-settings.ts';
import type { PipelineSettings } from '../../config/pipeline-settings.ts';
import type { Grant } from './grant.ts';

/** The network of all functions of a pipeline. */
export interface FunctionNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroups: readonly ISecurityGroup[];
}

/** Finds the subnets and security groups of the functions; null for functions outside any VPC. A VPC that is known by its id alone needs both named. */
export function functionNetwork(scope: Construct, network: PipelineSettings['network']): FunctionNetwork | null {
  if (network === undefined) return null;
  const { vpc, subnets, securityGroups } = network;
  if (vpc === undefined) throw new ConfigError('"network" needs "vpc": the id of a VPC, or in a construct an `IVpc`');
  const missing = [
    ...(typeof vpc === 'string' && !Array.isArray(subnets) ? ['"network.subnets", a list of subnets'] : []),
    ...(typeof vpc === 'string' && securityGroups === undefined ? ['"network.securityGroups"'] : []),
  ];
  if (missing.length > 0) {
    throw new ConfigError(
      `"network.vpc" is ${JSON.stringify(vpc)}; beside the id of a VPC ${missing.join(' and ')} must be given. An \`IVpc\`, as \`Vpc.fromLookup\` gives it, needs neither`,
    );
  }
  return {
    subnetIds: subnetsOf(vpc, subnets),
    securityGroups: securityGroups?.map((group, index) =>
      typeof group === 'string' ? SecurityGroup.fromSecurityGroupId(scope, `SecurityGroup${index}`, group) : group,
    ) ?? [newGroup(scope, vpc as IVpc)],
  };
}

const subnetsOf = (vpc: string | IVpc, subnets: NonNullable<PipelineSettings['network']>['subnets']): string[] => {
  if (Array.isArray(subnets)) return subnets.map((subnet) => (typeof subnet === 'string' ? subnet : subnet.subnetId));
  const selection = (subnets as SubnetSelection | undefined) ?? { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
  return (vpc as IVpc).selectSubnets(selection).subnetIds;
};

const newGroup = (scope: Construct, vpc: IVpc): ISecurityGroup =>
  new SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'Functions of a Daybreak pipeline',
    allowAllOutbound: true,
  });

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
