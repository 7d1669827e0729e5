/** Links into the AWS console. Their form is the one that the console itself shows in a browser's address line; AWS documents none. */
import type { AlertLink } from '../alert.ts';
import type { FailurePlaces } from './incident-alert.ts';

const domains: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

const arnForm = /^arn:(aws|aws-cn|aws-us-gov):(?:states|lambda):([a-z0-9-]+):\d{12}:/;

/** Lines of the attempt that failed last lie in the hour before its failure was recorded; a step that yields continues in the same stream or a later one. */
const before = 3_600_000;
const after = 300_000;

/** Returns links to the execution and to the log lines around the failure; none for an execution that did not run on AWS. */
export function consoleLinks({ execution_arn, logs, failed_at }: FailurePlaces): AlertLink[] {
  const [, partition = '', region = ''] = arnForm.exec(execution_arn) ?? [];
  const domain = domains[partition];
  if (domain === undefined || region === 'local') return [];
  const home = (service: string): string => `https://${region}.${domain}/${service}/home?region=${region}`;
  const execution = {
    label: 'Execution',
    url: `${home('states')}#/v2/executions/details/${encodeURIComponent(execution_arn).replaceAll('%3A', ':')}`,
  };
  const failed = Date.parse(failed_at);
  if (logs === null || Number.isNaN(failed)) return [execution];
  const query = `fields @timestamp, @message | filter @logStream = "${logs.stream}" | sort @timestamp asc | limit 1000`;
  const moment = (milliseconds: number): string => starred(new Date(milliseconds).toISOString());
  const detail = `~(end~'${moment(failed + after)}~start~'${moment(failed - before)}~timeType~'ABSOLUTE~tz~'UTC~editorString~'${starred(query)}~source~(~'${starred(logs.group)}))`;
  return [execution, { label: 'Logs', url: `${home('cloudwatch')}#logsV2:logs-insights$3FqueryDetail$3D${detail}` }];
}

/** The console writes every character but letters, digits, `_`, `-` and `.` as `*` and two hexadecimal digits. */
const starred = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) =>
      /[\w.-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `*${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
