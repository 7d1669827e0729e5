/**
 * The price of runs on AWS, after docs/costs.md: list prices of us-east-1 and the requests of the 9-step example, which grow with the steps. Larger data has more parts and so more requests.
 */

/** Transitions, invocations, requests and events of the example, for 1,000 runs and without GB-seconds: the sum of the table in docs/costs.md less its Lambda time. */
const dollarsOfExample = 1.03 - 0.1195;
const stepsOfExample = 9;

/** A GB-second of Lambda on arm64. */
const gbSecond = 0.0000133334;

/** A step that runs: its usual time, null if that is not known, and the memory of its function. */
export interface PricedStep {
  readonly ms: number | null;
  readonly memoryMb: number;
}

/** The dollars that so many runs of these steps cost. Steps without a known time count without Lambda's time. */
export function priceOfRuns(runs: number, steps: readonly PricedStep[]): number {
  const lambda = steps.reduce((sum, { ms, memoryMb }) => sum + ((ms ?? 0) / 1000) * (memoryMb / 1024), 0) * gbSecond;
  return runs * ((dollarsOfExample / 1000 / stepsOfExample) * steps.length + lambda);
}
