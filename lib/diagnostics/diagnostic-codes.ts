import type { Diagnostic } from './diagnostic.ts';

interface CodeRow {
  readonly severity: Diagnostic['severity'];
  /** One line for the reference. */
  readonly means: string;
}

const error = (means: string): CodeRow => ({ severity: 'error', means });
const warning = (means: string): CodeRow => ({ severity: 'warning', means });

/** Every diagnostic of the compiler. Only this table defines a code and its severity. */
export const diagnosticCodes = {
  YAML_SYNTAX: error('The text is not YAML.'),
  BAD_ENCODING: error('The file is not text in UTF-8.'),
  EMPTY_TEMPLATE: error('The file has no content.'),
  MULTIPLE_DOCUMENTS: error('The file holds more than one YAML document; a pipeline is one document.'),
  TOO_DEEP: error('Values are nested deeper than any template needs.'),
  ALIAS_BOMB: error('YAML aliases repeat so much content that the template would explode, or contain themselves.'),
  DUPLICATE_KEY: error('A key stands twice in the same mapping.'),
  UNKNOWN_KEY: error('A key that the language does not have.'),
  KEY_CONFLICT: error('A value is given twice: by its name and by an alias.'),
  MISSING_KEY: error('A required key is missing.'),
  BAD_TYPE: error('A value has the wrong form: a list where text is expected, for example.'),
  BAD_VALUE: error('A value is outside of what is allowed.'),
  DUPLICATE_PIPELINE: error('Two templates have one name, or names that AWS or a folder cannot tell apart.'),
  BAD_NAME: error('A name has characters that names cannot have, or is too long.'),
  BAD_DURATION: error('A duration is not written in one of the known forms, or is out of range.'),
  BAD_SCHEMA: error('A JSON Schema is not valid.'),
  BAD_DEFAULT: error('A default in a JSON Schema breaks its own schema.'),
  BAD_CRON: error('A cron expression is wrong, or cannot be expressed on EventBridge.'),
  BAD_RATE: error('A rate is not of the form "5 minutes".'),
  BAD_SCHEDULE: error('A schedule needs exactly one of cron and rate.'),
  SCHEDULE_REFUSED: error("A scheduled start would be refused: the schedule's input does not fit the input schema."),
  BAD_DEADLINE: error('A deadline is no time of day, or belongs to no scheduled start.'),
  UNKNOWN_TIMEZONE: error(
    'A time zone that does not exist, or in a spelling that EventBridge Scheduler does not take.',
  ),
  BAD_EXPRESSION: error('A JSONata expression does not parse.'),
  BAD_HANDLER: error('A handler does not name a file and an export.'),
  BAD_PATH: error('A path is absolute, or leaves the project.'),
  BAD_VARIABLE: error('An environment variable has a name or a value that a Lambda function cannot have.'),
  BAD_SECRET: error('A secret does not say where it is kept.'),
  BAD_PERMISSION: error('A permission is incomplete or too wide.'),
  BAD_SQL_STEP: error('An SQL step says two things where one is meant: a handler too, or a file and a query.'),
  BAD_PARAMETER: error('A parameter of a query has a name or a value that it cannot have.'),
  BAD_COLUMN: error('A column of a declared schema has a name or a type that columns cannot have.'),
  NOT_YET_SUPPORTED: error('A part of the language that this version does not implement.'),
  UNKNOWN_FIELD: error('A field of the input is named that the input schema does not have.'),
  UNKNOWN_ENVIRONMENT: error('The environment asked for is not in the template.'),
  NO_STEPS: error('A pipeline needs at least one step.'),
  DUPLICATE_STEP: error('Two steps have the same name.'),
  UNKNOWN_STEP: error('A step is named that does not exist.'),
  SELF_DEPENDENCY: error('A step depends on itself.'),
  DUPLICATE_DEPENDENCY: error('A dependency is listed twice.'),
  CYCLE: error('Steps depend on each other in a circle.'),
  HANDLER_NOT_FOUND: error("A handler's file does not exist; a warning with --allow-missing-handlers."),
  HANDLER_NOT_COMPILABLE: error("A handler's code does not build."),
  HANDLER_EXPORT_MISSING: error("A handler's file has no export of the name that the template gives."),
  NOT_A_SUBSCRIBER: error('A file in lambdas/subscribers exports no subscriber.'),
  UNKNOWN_EVENT: error('A subscriber hears an event that does not exist.'),
  HANDLER_NOT_A_STEP: error("A handler's export is a function or a value that is no step."),
  TYPE_ERROR: error('The TypeScript compiler refuses a handler; given with --types.'),
  SETUP_NOT_FOUND: error('The module of "local.setup" does not exist; a warning with --allow-missing-handlers.'),
  SQL_FILE_NOT_FOUND: error("A query's file does not exist; a warning with --allow-missing-handlers."),
  BAD_SQL_FILE: error("A query's file is empty, too large, or not text in UTF-8."),
  SQL_SYNTAX: error('A query is not SQL.'),
  SQL_NOT_ALLOWED: error(
    'A query does what queries of a template may not: it is no SELECT, or reads something other than tables.',
  ),
  UNKNOWN_TABLE: error('A query reads a table that does not exist.'),
  NOT_UPSTREAM: error('A query or a parameter reads what a step makes that is not among the dependencies.'),
  UNKNOWN_DATASET: error('A dataset is named that the step does not make.'),
  BREAKING_CHANGE: error(
    'A dataset would break readers of the version that is published. A warning if the version is in the local store.',
  ),
  BAD_PUBLISH: error(
    'A published dataset is listed twice, can be missing in a run that succeeds, or has no order of versions.',
  ),
  UNKNOWN_COLUMN: error('A query names a column that its tables do not have.'),
  UNKNOWN_PARAMETER: error('A query uses a parameter that "params" does not have.'),
  UNUSED_PARAMETER: error('A parameter is given that no query uses.'),
  BAD_QUERY: error(
    'A query is SQL, but cannot work: types that do not go together, or a function that does not exist.',
  ),
  BAD_RESULT_COLUMN: error(
    'A query makes a column that cannot be stored: it has no name, or a type that no dataset has.',
  ),
  SCHEMA_MISMATCH: error('A query makes other columns than the declared schema says.'),
  SQL_CHECK_STOPPED: error('A query could not be checked: planning it took too long, or too much memory.'),
  LOSSY_CAST: warning(
    'A query converts a value in a way that can drop digits, or take a local time for UTC, without an error.',
  ),
  DIVISION_BY_ZERO: warning('A query divides by something that can be zero, which gives Infinity and no error.'),
  DEFINITION_TOO_LARGE: warning('The machine runs offline, but is too large for Step Functions.'),
  HISTORY_TOO_LONG: warning('The steps may need more events than an execution of Step Functions can have.'),
  TOO_MANY_FUNCTIONS: warning('The pipeline runs offline, but its stack has more resources than CloudFormation takes.'),
  NO_ROUTE: warning('Failures of a step, or a missed deadline, reach no one, although the template has alerts.'),
  NO_EFFECT: warning('A key or a value changes nothing; the message says what holds instead.'),
  DEADLINE_TOO_EARLY: warning('A deadline lies before the time that the expected durations need.'),
  CLOCK_CHANGE: warning("A change of the zone's clock skips or repeats a time of the schedule."),
  VALUE_ROUNDED: warning('A value is not available exactly; the message gives the effective value.'),
  MAX_DELAY_BELOW_INITIAL: warning('The longest delay is shorter than the first, so every delay is the longest.'),
} as const satisfies Record<string, CodeRow>;

/** Name of a diagnostic. */
export type DiagnosticCode = keyof typeof diagnosticCodes;
