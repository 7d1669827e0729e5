import { PermanentError } from '../../contract/errors.ts';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A service, by the ending of its endpoint variable: `AWS_ENDPOINT_URL_SFN`. */
export type AwsService =
  | 'S3'
  | 'SQS'
  | 'SFN'
  | 'EVENTBRIDGE'
  | 'CLOUDFORMATION'
  | 'CLOUDWATCH_LOGS'
  | 'SECRETS_MANAGER'
  | 'SSM'
  | 'SNS'
  | 'SESV2'
  | 'GLUE';

/** Returns the settings of every AWS client. They are explicit because the SDK's defaults change and have no timeouts. */
export function awsClientSettings(env: Environment, service: AwsService) {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  // The region never comes from a profile on one machine: the same environment must mean the same bucket everywhere.
  if (!region) throw new PermanentError('AWS_REGION is not set: it names the region of the store and the queue');
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL;
  return {
    region,
    ...(endpoint && { endpoint }),
    retryMode: 'standard',
    // Four retries with up to 20 s between them outlast the usual S3 503 while S3 splits a bucket's prefix.
    maxAttempts: 5,
    requestHandler: {
      // A connection inside a region takes milliseconds.
      connectionTimeout: 3_000,
      // Time until the complete head of the answer, including an 8 MiB part on a slow function.
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
      // Silence on an active connection: a body that hangs.
      socketTimeout: 30_000,
    },
  };
}
