/** An identifier for SQL text, whatever it holds. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A string literal for SQL text, whatever it holds but NUL. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
