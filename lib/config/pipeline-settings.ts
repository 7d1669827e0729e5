import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecurityGroup, ISubnet, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Duration } from 'aws-cdk-lib/core';
import type { z } from 'zod';
import { anyOf, group, listOf, setting, textLike, wholeNumber, withMember } from './setting.ts';

/** Retentions that CloudWatch Logs has, in days; 9999 keeps logs forever, as `RetentionDays.INFINITE` does. */
const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653, 9999,
];

const arnOf = (service: string) => textLike(new RegExp(`^arn:[a-z-]+:${service}:`));
const isTag = (value: unknown): boolean => typeof value === 'string' && value.length <= 256;
const isTags = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([key, text]) => key.length > 0 && key.length <= 128 && isTag(text));

/** Whole minutes of `15m`, `2h` or `1h30m`; NaN for other texts. */
export function minutesOf(text: string): number {
  const [, hours, minutes] = /^(?:(\d{1,4})h)?(?:(\d{1,4})m)?$/.exec(text) ?? [];
  return hours === undefined && minutes === undefined ? Number.NaN : Number(hours ?? 0) * 60 + Number(minutes ?? 0);
}

const isJitter = (value: unknown): boolean => typeof value === 'string' && wholeNumber(1, 1440)(minutesOf(value));

/** A place that an alarm tells: the ARN of a topic, a topic, or any action of `aws-cloudwatch-actions`. */
export type AlertTarget = string | ITopic | IAlarmAction;

const targets = (severity: string) =>
  setting<readonly AlertTarget[]>(
    (value) => Array.isArray(value) && value.every(anyOf(arnOf('sns'), withMember('topicArn'), withMember('bind'))),
    {
      allowed: 'a list of ARNs of SNS topics; in a construct also `ITopic` and `IAlarmAction`',
      fallback: "the store's topic",
      meaning: `Where alarms of severity ${severity} go, instead of the store's own topic. An empty list tells no one.`,
    },
  );

/** The key `alerts`. */
export function alertsSetting() {
  return group(
    { critical: targets('critical'), high: targets('high'), medium: targets('medium'), low: targets('low') },
    {
      allowed: 'severities with lists of targets',
      fallback: "the store's topics",
      meaning: 'The targets of alarms, by severity.',
    },
  );
}

/** The key `encryptionKey`. */
export function encryptionKeySetting(meaning: string) {
  return setting<string | IKey>(anyOf(arnOf('kms'), withMember('keyArn')), {
    allowed: 'the ARN of a KMS key; in a construct also `IKey`',
    fallback: 'keys of AWS',
    meaning,
  });
}

/** The key `removalPolicy`. */
export function removalPolicySetting(meaning: string) {
  return setting<'retain' | 'destroy'>((value) => value === 'retain' || value === 'destroy', {
    allowed: '`retain` or `destroy`',
    fallback: '`retain`',
    meaning,
  });
}

/** The key `tags`. */
export function tagsSetting() {
  return setting<Readonly<Record<string, string>>>(isTags, {
    allowed: 'texts by key, as AWS takes them: keys of 1 to 128 characters, values of up to 256',
    fallback: 'none',
    meaning: 'Tags of every resource, beside `daybreak:pipeline` and `daybreak:namespace`.',
  });
}

const network = group(
  {
    vpc: setting<string | IVpc>(anyOf(textLike(/^vpc-[0-9a-f]+$/), withMember('vpcId')), {
      allowed: 'the id of a VPC (`vpc-...`); in a construct also `IVpc`',
      fallback: 'that of the subnets',
      meaning: 'The VPC of the functions. An id alone is for a new security group; an `IVpc` gives the subnets too.',
    }),
    subnets: setting<readonly (string | ISubnet)[] | SubnetSelection>(
      anyOf(
        listOf(anyOf(textLike(/^subnet-[0-9a-f]+$/), withMember('subnetId'))),
        withMember('subnetType'),
        withMember('subnets'),
        withMember('subnetGroupName'),
        withMember('subnetFilters'),
      ),
      {
        allowed: 'a list of subnet ids (`subnet-...`); in a construct also `ISubnet` and `SubnetSelection`',
        fallback: 'of an `IVpc`, the private subnets with a way out',
        meaning:
          'The subnets of the functions. They need a way to S3, SQS and Step Functions: a NAT gateway or VPC endpoints.',
      },
    ),
    securityGroups: setting<readonly (string | ISecurityGroup)[]>(
      listOf(anyOf(textLike(/^sg-[0-9a-f]+$/), withMember('securityGroupId'))),
      {
        allowed: 'a list of ids (`sg-...`); in a construct also `ISecurityGroup`',
        fallback: 'a new one in `vpc`, which lets everything out',
        meaning: 'The security groups of the functions.',
      },
    ),
  },
  {
    allowed: '`vpc`, `subnets` and `securityGroups`',
    fallback: 'no VPC',
    meaning: 'The network of all functions of the pipeline.',
  },
);

/** The settings of one pipeline: props of `Pipeline`, and keys of daybreak.config.ts. */
export const pipelineShape = {
  environment: setting<string>((value) => typeof value === 'string' && value !== '', {
    allowed: 'the name of an environment of the template',
    fallback: 'the name of the stage, or of the entry of `environments`',
    meaning:
      'The environment of the template that holds. A template without any environments is the same in each; one that has others is an error.',
  }),
  network,
  permissionsBoundary: setting<string | IManagedPolicy>(
    anyOf(textLike(/^arn:[a-z-]+:iam::|^[\w+=,.@/-]{1,128}$/), withMember('managedPolicyArn')),
    {
      allowed: 'the name or ARN of a managed policy; in a construct also `IManagedPolicy`',
      fallback: 'none',
      meaning: 'The permissions boundary of every role.',
    },
  ),
  tags: tagsSetting(),
  removalPolicy: removalPolicySetting('The fate of the queues with dead letters when the pipeline is removed.'),
  logRetention: setting<number>((value) => logRetentions.includes(Number(value)) && typeof value === 'number', {
    allowed: `the days that CloudWatch has: ${logRetentions.slice(0, -1).join(', ')}, or 9999 for no end (\`RetentionDays\`)`,
    fallback: '30',
    meaning: 'The days for which CloudWatch keeps the logs of functions and of the machine.',
  }),
  encryptionKey: encryptionKeySetting('Encrypts the queues and the variables of the functions.'),
  alerts: alertsSetting(),
  defaults: group(
    {
      alerts: setting<Readonly<Record<string, unknown>>>(
        (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
        {
          allowed: 'an object with the keys of `alerts` in a template',
          fallback: 'no alerts',
          meaning: 'The people who hear of incidents, for templates without the key `alerts` (docs/alerts.md).',
        },
      ),
    },
    {
      allowed: '`alerts`',
      fallback: 'none',
      meaning: 'Values for templates that do not have the key.',
    },
  ),
  reservedConcurrency: setting<number>(wholeNumber(1, 10_000), {
    allowed: 'a whole number from 1 to 10,000',
    fallback: "the account's",
    meaning:
      'Reserved concurrency of each function that runs steps. A step that finds none free is tried again and spends no attempt.',
  }),
  startJitter: setting<string | Duration>(anyOf(isJitter, withMember('toMinutes')), {
    allowed: 'a time from `1m` to `24h`, such as `15m` or `1h30m`; in a construct also `Duration`',
    fallback: 'none',
    meaning:
      "Spreads the schedule's starts over this time, so that many pipelines do not start in the same second. `scheduled_time` stays the planned time.",
  }),
  metrics: setting<'none' | 'pipeline' | 'steps'>(
    (value) => value === 'none' || value === 'pipeline' || value === 'steps',
    {
      allowed: '`none`, `pipeline` or `steps`',
      fallback: '`pipeline`',
      meaning:
        'The metrics that the pipeline reports to CloudWatch: none, those of its runs, or those of each step too. CloudWatch takes $0.30 a month for each; docs/metrics.md has the number of them.',
    },
  ),
  catalog: setting<boolean>((value) => typeof value === 'boolean', {
    allowed: '`true` or `false`',
    fallback: '`true`',
    meaning:
      'False makes no tables of the published data in the Glue Data Catalog. It says nothing for a pipeline that publishes nothing.',
  }),
  dashboard: setting<boolean>((value) => typeof value === 'boolean', {
    allowed: '`true` or `false`',
    fallback: '`false`',
    meaning:
      'True makes a dashboard of the pipeline in CloudWatch, which costs $3 a month beyond the first three of the account. The dashboard of the store shows every pipeline without it.',
  }),
  architecture: setting<'arm64' | 'x86_64'>((value) => value === 'arm64' || value === 'x86_64', {
    allowed: '`arm64` or `x86_64`',
    fallback: '`arm64`',
    meaning: 'The processor of all functions. arm64 costs a fifth less for the same memory.',
  }),
};

/** Settings of one pipeline. */
export type PipelineSettings = Readonly<z.input<z.ZodObject<typeof pipelineShape>>>;
