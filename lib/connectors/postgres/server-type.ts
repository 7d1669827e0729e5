import type pg from 'pg';

/** A type of PostgreSQL by its identity: a domain is resolved to its base type, and the modifier is unpacked. */
export interface ServerType {
  /** `int4`, `numeric`, `bpchar`, ... for PostgreSQL's own types; else `enum`, `composite`, `range`, `citext` or `extension`. */
  readonly name: string;
  /** The usual notation: `numeric(18,2)`. */
  readonly shown: string;
  /** Schema and name, quoted and without a modifier. `::character` would be `character(1)`; this form never cuts. */
  readonly cast: string;
  /** The packing of the modifier depends on the type; -1 means none. */
  readonly modifier: number;
  /** Precision and scale of a numeric with a modifier. */
  readonly precision: number | null;
  readonly scale: number | null;
  /** The type of an array's elements; null for every other type. */
  readonly element: ServerType | null;
}

/** A type as catalogues and results name it. */
export interface TypeId {
  readonly id: number;
  /** -1 means none. */
  readonly modifier: number;
}

/** A row of pg_type, for a type or one of its component types. */
interface TypeRow {
  readonly id: number;
  readonly name: string;
  readonly cast: string;
  readonly isOwn: boolean;
  readonly kind: string;
  readonly base: number;
  readonly baseModifier: number;
  readonly element: number;
}

/** Looks types up; keeps their order. */
export async function serverTypes(client: pg.Client, given: readonly TypeId[]): Promise<readonly ServerType[]> {
  if (given.length === 0) return [];
  const { rows } = await client.query<{ shown: string; types: string }>(typesOf, [
    given.map(({ id }) => id),
    given.map(({ modifier }) => modifier),
  ]);
  const shown = JSON.parse(rows[0]?.shown ?? '[]') as readonly string[];
  const types = JSON.parse(rows[0]?.types ?? '[]') as readonly TypeRow[];
  const byId = new Map(types.map((row) => [row.id, row]));
  return given.map((type, index) => ({ ...resolve(byId, type, shown[index] ?? ''), cast: rowOf(byId, type.id).cast }));
}

/**
 * Types and their components: the base types of domains, and the elements of arrays. The two vectors of the catalogues look like arrays but have another text
 * format.
 */
const typesOf = `
  WITH RECURSIVE given AS (SELECT * FROM unnest($1::int8[], $2::int4[]) WITH ORDINALITY AS g(id, modifier, position)),
  types AS (
    SELECT t.oid::int8 AS id, t.typname AS name, t.typtype AS kind, t.typbasetype::int8 AS base, t.typtypmod AS "baseModifier",
           pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) AS "cast", n.nspname = 'pg_catalog' AS "isOwn",
           CASE WHEN t.typcategory = 'A' AND t.oid NOT IN ('pg_catalog.int2vector'::pg_catalog.regtype, 'pg_catalog.oidvector'::pg_catalog.regtype)
                THEN t.typelem::int8 ELSE 0 END AS element
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace),
  reached AS (
    SELECT id FROM given
    UNION
    SELECT part.id FROM reached r JOIN types t ON t.id = r.id CROSS JOIN LATERAL (VALUES (t.base), (t.element)) AS part(id) WHERE part.id <> 0)
  SELECT (SELECT pg_catalog.json_agg(pg_catalog.format_type(id::oid, modifier) ORDER BY position) FROM given)::text AS shown,
         (SELECT pg_catalog.json_agg(pg_catalog.row_to_json(t)) FROM types t WHERE t.id IN (SELECT id FROM reached))::text AS types`;

type Types = ReadonlyMap<number, TypeRow>;

const rowOf = (types: Types, id: number): TypeRow => {
  const row = types.get(id);
  if (row === undefined) throw new Error(`the server does not know its own type ${id}`);
  return row;
};

const resolve = (types: Types, { id, modifier }: TypeId, shown: string): ServerType => {
  const row = rowOf(types, id);
  // Only a domain's own modifier can apply.
  if (row.kind === 'd') return resolve(types, { id: row.base, modifier: row.baseModifier }, shown);
  const element =
    row.element === 0 ? null : resolve(types, { id: row.element, modifier }, shown.replace(/(\[\])+$/, ''));
  const name = element === null ? nameOf(row) : 'array';
  return { name, shown, cast: row.cast, modifier, ...digits(name, modifier), element };
};

/** Kinds of types outside PostgreSQL's own catalogue. */
const kinds: Readonly<Record<string, string>> = { e: 'enum', c: 'composite', r: 'range', m: 'range' };

const nameOf = ({ name, kind, isOwn }: TypeRow): string => {
  if (name === 'record' && isOwn) return 'composite';
  const known = kinds[kind];
  if (known !== undefined) return known;
  return isOwn || name === 'citext' ? name : 'extension';
};

/** https://www.postgresql.org/docs/current/catalog-pg-attribute.html: precision and scale are packed into the modifier, plus 4 bytes of header. */
const digits = (name: string, modifier: number): Pick<ServerType, 'precision' | 'scale'> =>
  name === 'numeric' && modifier >= 4
    ? { precision: (modifier - 4) >> 16, scale: (((modifier - 4) & 0x7ff) ^ 1024) - 1024 }
    : { precision: null, scale: null };
