import { expect, test } from 'vitest';
import { consoleLinks } from '../../../lib/alerts/delivery/console-links.ts';

const arn = (partition: string, region: string) =>
  `arn:${partition}:states:${region}:123456789012:execution:daybreak-orders:orders-2026-11-30`;
const failed_at = '2026-11-30T01:20:00.000Z';
const logs = { group: '/aws/lambda/orders', stream: '2026/11/30/[7]abc' };

test('links lead to the execution and to the log lines of the hour before the failure', () => {
  expect(consoleLinks({ execution_arn: arn('aws', 'eu-central-1'), logs, failed_at })).toEqual([
    {
      label: 'Execution',
      url: 'https://eu-central-1.console.aws.amazon.com/states/home?region=eu-central-1#/v2/executions/details/arn:aws:states:eu-central-1:123456789012:execution:daybreak-orders:orders-2026-11-30',
    },
    {
      label: 'Logs',
      url: "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logsV2:logs-insights$3FqueryDetail$3D~(end~'2026-11-30T01*3a25*3a00.000Z~start~'2026-11-30T00*3a20*3a00.000Z~timeType~'ABSOLUTE~tz~'UTC~editorString~'fields*20*40timestamp*2c*20*40message*20*7c*20filter*20*40logStream*20*3d*20*222026*2f11*2f30*2f*5b7*5dabc*22*20*7c*20sort*20*40timestamp*20asc*20*7c*20limit*201000~source~(~'*2faws*2flambda*2forders))",
    },
  ]);
});

test('each partition has its console, and an execution outside of AWS has none', () => {
  const hosts = ['aws-cn', 'aws-us-gov'].map((partition) =>
    consoleLinks({ execution_arn: arn(partition, 'x-y-1'), logs: null, failed_at }).map(({ url }) => new URL(url).host),
  );
  expect(hosts).toEqual([['x-y-1.console.amazonaws.cn'], ['x-y-1.console.amazonaws-us-gov.com']]);
  for (const other of ['arn:aws:states:local:000000000000:execution:p:x', 'offline', arn('other', 'x')])
    expect(consoleLinks({ execution_arn: other, logs, failed_at })).toEqual([]);
});
