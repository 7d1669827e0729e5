/** Runs a query that has one row of texts; `name` is for errors. */
export type AskOne = (text: string, name: string) => Promise<Readonly<Record<string, string | null>>>;
