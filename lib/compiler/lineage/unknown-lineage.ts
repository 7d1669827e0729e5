/** The lineage of a query cannot be followed. The message is the reason. */
export class UnknownLineage extends Error {
  override readonly name = 'UnknownLineage';
}
