/** The settings with which the server writes and reads texts in a transaction: the same for extracts and loads, so that values can be compared. */
export const textSettings: readonly string[] = [
  "SET LOCAL TIME ZONE 'UTC'",
  "SET LOCAL DateStyle TO 'ISO, YMD'",
  "SET LOCAL IntervalStyle TO 'iso_8601'",
  'SET LOCAL extra_float_digits TO 3',
  "SET LOCAL bytea_output TO 'hex'",
  'SET LOCAL standard_conforming_strings TO on',
  // Without it, a NULL in an array is read as the text "NULL".
  'SET LOCAL array_nulls TO on',
  'SET LOCAL xmloption TO content',
];
