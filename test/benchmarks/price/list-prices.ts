/** AWS's list prices of us-east-1 in US dollars, without free tiers and discounts, as of 2026-11. Each with the page that states it. */
export const listPrices = {
  /** State transitions of Standard workflows. https://aws.amazon.com/step-functions/pricing/ */
  transition: 0.025 / 1_000,
  /** https://aws.amazon.com/lambda/pricing/ */
  invocation: 0.2 / 1_000_000,
  /** Of functions on arm64. https://aws.amazon.com/lambda/pricing/ */
  gbSecond: 0.0000133334,
  /** PUT, COPY, POST and LIST requests of S3 Standard. https://aws.amazon.com/s3/pricing/ */
  s3Put: 0.005 / 1_000,
  /** GET and all other requests. https://aws.amazon.com/s3/pricing/ */
  s3Get: 0.0004 / 1_000,
  /** Custom events, for each 64 KB. https://aws.amazon.com/eventbridge/pricing/ */
  event: 1 / 1_000_000,
  /** Standard queues, for each request. https://aws.amazon.com/sqs/pricing/ */
  sqsRequest: 0.4 / 1_000_000,
  /** https://aws.amazon.com/secrets-manager/pricing/ */
  secretRequest: 0.05 / 10_000,
} as const;

export type PricedUnit = keyof typeof listPrices;
