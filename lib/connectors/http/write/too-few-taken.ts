import { isFields } from '../complaint.ts';
import type { SentAnswer } from './http-target.ts';

/** Fields in which APIs count the rows that they took; without `_`, `-` and capitals. */
const taken =
  /^(?:num|rows|total)?(?:accepted|received|inserted|imported|ingested|succeeded|success|successful|stored|written|loaded|saved)(?:count|rows)?$/;

/** Fields that count rows which the API had already, or took in another way. */
const others =
  /^(?:num|rows|total)?(?:created|updated|upserted|modified|replaced|unchanged|skipped|duplicates?|matched|ignored|deleted|existing)(?:count|rows)?$/;

/** Returns the reason if an answer counts fewer rows than were sent; null if it counts none, or enough. */
export function tooFewTaken({ body, rows }: SentAnswer): string | null {
  if (!isFields(body)) return null;
  const counts = Object.entries(body).flatMap(([name, value]) => {
    const plain = name.toLowerCase().replaceAll(/[^a-z]/g, '');
    return Number.isSafeInteger(value) && (taken.test(plain) || others.test(plain))
      ? [{ name, plain, value: Number(value) }]
      : [];
  });
  const first = counts.find(({ plain }) => taken.test(plain));
  const sum = counts.reduce((total, { value }) => total + value, 0);
  if (first === undefined || sum >= rows.length) return null;
  return `"${first.name}" is ${first.value}, and the batch has ${rows.length} rows; if it counts something else, give \`judge\`, a function that reads the answer`;
}
