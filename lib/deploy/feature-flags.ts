/** Behaviour of the CDK that the stacks count on; the app and the tests hand it over, so that a template does not depend on who synthesises it. */
export const featureFlags: Readonly<Record<string, boolean>> = {
  // Access logging by bucket policy: buckets of today have no ACLs.
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  // A function's version follows exactly what a version of Lambda contains: nothing else makes a new one.
  '@aws-cdk/aws-lambda:recognizeVersionProps': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
};
