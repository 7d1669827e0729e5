import type { Template } from 'aws-cdk-lib/assertions';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Effect: 'Allow' | 'Deny';
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** All statements of all roles and policies of a stack: the permissions of its functions and services. Of some roles and policies, if a choice by logical id is given. */
export function statementsOf(stack: Template, chosen: (id: string) => boolean = () => true): Statement[] {
  const all = (type: string) =>
    Object.entries(stack.findResources(type)).flatMap(([id, { Properties }]) => (chosen(id) ? [Properties] : []));
  const documents: { PolicyDocument: { Statement: Statement[] } }[] = [
    ...all('AWS::IAM::Policy'),
    ...all('AWS::IAM::Role').flatMap(({ Policies }) => Policies ?? []),
  ];
  return documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** Resources of a type with their logical ids. */
export function resources(stack: Template, type: string): [string, Resource][] {
  return Object.entries(stack.findResources(type) as Record<string, Resource>);
}
