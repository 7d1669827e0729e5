export interface DatasetPart {
  readonly key: string;
  readonly rows: number;
  /** Stored (compressed) size. */
  readonly bytes: number;
  /** SHA-256 of the stored bytes, hex. */
  readonly sha256: string;
}

export interface DatasetEntry {
  /** Column name to column type, in order. */
  readonly columns: Readonly<Record<string, string>>;
  readonly format: 'parquet';
  readonly rows: number;
  readonly bytes: number;
  /** Digest of the columns and the rows in their order (`contentDigest` in lib/data), hex: equal content has an equal digest, regardless of its parts and its writer. */
  readonly content_digest: string;
  readonly parts: readonly DatasetPart[];
}

export interface FileEntry {
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly content_type: string;
}

/** Sums over the rows of a dataset, from which its content digest is made: whole numbers in decimal digits. */
export interface ContentSums {
  readonly sum: string;
  readonly mixed: string;
}

/** An incomplete dataset, with the facts that the next invocation needs to continue it. */
export interface DatasetSoFar {
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly content: ContentSums;
  readonly parts: readonly DatasetPart[];
}
