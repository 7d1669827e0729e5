import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The server's description of a stack. */
export interface ServedStack {
  readonly outputs: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const members = (entries: Readonly<Record<string, string>>, key: string, value: string): string =>
  Object.entries(entries)
    .map(([name, text]) => `<member><${key}>${name}</${key}><${value}>${escaped(text)}</${value}></member>`)
    .join('');

/** DescribeStacks of the CloudFormation API, over its wire protocol (AWS Query). */
export async function startCloudFormation(stacks: Readonly<Record<string, ServedStack>>) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const name = form.get('StackName') ?? '';
    const stack = form.get('Action') === 'DescribeStacks' ? stacks[name] : undefined;
    response.setHeader('content-type', 'text/xml');
    if (!stack) {
      const error = `<Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error>`;
      response.writeHead(400).end(`<ErrorResponse>${error}<RequestId>1</RequestId></ErrorResponse>`);
      return;
    }
    const outputs = members(stack.outputs, 'OutputKey', 'OutputValue');
    const tags = members(stack.tags ?? {}, 'Key', 'Value');
    response.end(
      `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><CreationTime>2026-01-31T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs}</Outputs><Tags>${tags}</Tags></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: (): Promise<unknown> => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
