/** A file that a template names as a query: its text, or what is wrong with it, as the predicate of a sentence about it. */
export type SqlFile =
  | { readonly text: string }
  | { readonly code: 'SQL_FILE_NOT_FOUND' | 'BAD_PATH' | 'BAD_SQL_FILE'; readonly problem: string };

/** In bytes: what one environment variable holds, escaped as JSON, since that is how the texts of a step reach its process offline. */
export const largestSql = 60_000;
