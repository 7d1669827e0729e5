import { PermanentError, RetryableError } from '../../../contract/errors.ts';
import { complaintIn } from '../complaint.ts';
import { fieldsOf } from './page-facts.ts';

/** Fields by which a page says that it is none. Other complaints, such as a number of failures, may be data. */
const names = new Set('error errors fault success ok status statuscode code'.split(' '));

/** Fields by which a page says that it lacks items that it should have. */
const incomplete = new Set('incompleteresults timedout partial ispartial'.split(' '));

/** Deeper objects are data. */
const deepest = 3;

/** Throws if an answer of 200 to 299 says that it is an error or not whole: a page without items would otherwise be an early end. */
export function checkRefusal(json: unknown, what: string): void {
  const lack = fieldsOf(json).find(({ plain, value }) => incomplete.has(plain) && value === true);
  if (lack !== undefined)
    throw new RetryableError(`${what} is not whole: "${lack.name}" is true; if it is data, say so: judge: () => null`);
  const own = fieldsOf(json).filter(
    ({ plain, value }) => names.has(plain) && !(plain.startsWith('error') && typeof value === 'number'),
  );
  const complaint = complaintIn(Object.fromEntries(own.map(({ name, value }) => [name, value])), () => true, deepest);
  if (complaint === null) return;
  const text = `${what} says that it is an error: ${complaint.text}`;
  if (complaint.mayPass) throw new RetryableError(text);
  throw new PermanentError(`${text}; if it is data, say so: judge: () => null`);
}
