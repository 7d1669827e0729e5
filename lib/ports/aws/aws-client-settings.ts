import { PermanentError } from '../../contract/errors.ts';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A service by the name that its own endpoint variable ends with: `AWS_ENDPOINT_URL_SFN`. */
export type AwsService = 'S3' | 'SQS' | 'SFN' | 'CLOUDFORMATION' | 'SECRETS_MANAGER' | 'SSM';

/** Settings that every AWS client gets, said here rather than left to the SDK's defaults, which change and have no time-outs. */
export function awsClientSettings(env: Environment, service: AwsService) {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  // Never from a profile on somebody's machine: the same environment must mean the same bucket everywhere.
  if (!region) throw new PermanentError('AWS_REGION is not set: it names the region of the store and the queue');
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] || env.AWS_ENDPOINT_URL;
  return {
    region,
    ...(endpoint && { endpoint }),
    retryMode: 'standard',
    // Four retries with up to 20 s between them outlast the usual S3 503 while a bucket's prefix is being split.
    maxAttempts: 5,
    requestHandler: {
      // A connection inside a region takes milliseconds.
      connectionTimeout: 3_000,
      // Time to the whole answer's head, an 8 MiB part on a slow function included.
      requestTimeout: 60_000,
      throwOnRequestTimeout: true,
      // Silence on a connection that is in use: a body that hangs.
      socketTimeout: 30_000,
    },
  };
}
