/** A count of exceedances, judged. */
export interface Judged {
  readonly days: number;
  readonly exceedances: number;
  /** The probability of an exceedance on one day that was stated. */
  readonly stated: number;
  /** The central 95% range of the binomial distribution: each tail outside of it has at most 2.5%. */
  readonly range: { readonly low: number; readonly high: number };
  /** Kupiec's likelihood ratio; rejected above `criticalRatio`. */
  readonly ratio: number;
  readonly inRange: boolean;
}

/** The 95% quantile of chi-square with one degree of freedom. */
export const criticalRatio = 3.841;

const tail = 0.025;

/**
 * Judges exceedances by the proportion of failures. P. Kupiec, "Techniques for verifying the accuracy of risk measurement models", Journal of Derivatives 3(2),
 * 1995: LR = −2 ln((1 − p)^(n − x) p^x) + 2 ln((1 − x/n)^(n − x) (x/n)^x).
 */
export function judge(days: number, exceedances: number, stated: number): Judged {
  const range = binomialRange(days, stated);
  const inRange = exceedances >= range.low && exceedances <= range.high;
  const observed = exceedances / days;
  const ratio = 2 * (logLikelihood(days, exceedances, observed) - logLikelihood(days, exceedances, stated));
  return { days, exceedances, stated, range, ratio: Math.max(0, ratio), inRange };
}

/** The smallest count whose lower tail has more than 2.5%, and the largest whose upper tail has. */
function binomialRange(days: number, probability: number): { readonly low: number; readonly high: number } {
  let low = 0;
  let high = days;
  let weight = (1 - probability) ** days;
  let upTo = 0;
  let lowFound = false;
  for (let count = 0; count <= days; count += 1) {
    upTo += weight;
    if (!lowFound && upTo > tail) {
      low = count;
      lowFound = true;
    }
    if (upTo >= 1 - tail) {
      high = count;
      break;
    }
    weight *= ((days - count) / (count + 1)) * (probability / (1 - probability));
  }
  return { low, high };
}

/** ln((1 − p)^(n − x) p^x), where 0 × ln 0 is 0. */
const logLikelihood = (days: number, exceedances: number, probability: number): number =>
  (exceedances === days ? 0 : (days - exceedances) * Math.log1p(-probability)) +
  (exceedances === 0 ? 0 : exceedances * Math.log(probability));
