/** Location and scale of a few numbers, which half of them may falsify without much effect. */

/** The middle of a sorted copy; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Makes the median absolute deviation of a normal distribution its standard deviation: 1 / Φ⁻¹(3/4). */
const normal = 1.4826;

/** The standard deviation that normal values with this median absolute deviation from zero have. */
export function scaleOf(residuals: readonly number[]): number {
  return residuals.length === 0 ? 0 : normal * median(residuals.map(Math.abs));
}
