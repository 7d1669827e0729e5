/** `<pipeline>/removals/<run>.json`: a run is being removed, or was. It stays for a day after the end, for those who had begun to read the run. */
export interface Removal {
  readonly run_id: string;
  readonly began_at: string;
  /** No execution of the run begins from now on, and nothing keeps it. Before that the run is whole, and may stay. */
  readonly decided: boolean;
  /** Null while objects of the run may be left: the next `prune` finishes it. */
  readonly done_at: string | null;
}
