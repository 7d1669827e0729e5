import { PermanentError } from 'daybreak';

/** A dependency's result. Throws a PermanentError if it has none, since every dependency here is needed. */
export function neededResult<Result>(step: { result<T>(name: string): T }, dependency: string): Result {
  const result = step.result<Result | undefined>(dependency);
  if (result === undefined) throw new PermanentError(`step ${dependency} has no result, which is needed here`);
  return result;
}
