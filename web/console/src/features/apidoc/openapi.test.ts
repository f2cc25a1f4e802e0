// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import {
  curlOf,
  exampleOf,
  groupsOf,
  limitsOf,
  matches,
  operationsOf,
  rowsOf,
  typeOf,
  type Document,
} from './openapi.ts';

const DOC: Document = {
  openapi: '3.1.0',
  servers: [{ url: '/api/v1' }],
  security: [{ bearer: [] }],
  tags: [{ name: 'b' }, { name: 'a' }],
  paths: {
    '/nodes/{id}': {
      parameters: [{ $ref: '#/components/parameters/Id' }],
      get: {
        tags: ['a'],
        summary: 'One node',
        responses: {
          200: {
            description: 'ok',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Node' } } },
          },
        },
      },
      put: {
        tags: ['a'],
        requestBody: {
          content: {
            'application/json': {
              schema: { type: 'object', properties: { name: { type: 'string', default: "it's" } } },
            },
          },
        },
      },
    },
    '/sign-in': { post: { tags: ['b'], security: [] } },
  },
  components: {
    parameters: { Id: { name: 'id', in: 'path', required: true, schema: { type: 'string' } } },
    schemas: {
      Node: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', maxLength: 9 },
          kind: { enum: ['x', 'y'], type: 'string' },
          at: { type: ['string', 'null'], format: 'date-time' },
          children: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
        },
      },
    },
  },
};
const operations = operationsOf(DOC);
const node = DOC.components!.schemas!.Node as object;

describe('operations', () => {
  it('are read with shared and referenced parameters', () =>
    expect(operations.map((one) => [one.method, one.path, one.parameters[0]?.name])).toEqual([
      ['GET', '/nodes/{id}', 'id'],
      ['PUT', '/nodes/{id}', 'id'],
      ['POST', '/sign-in', undefined],
    ]));
  it('stand by tag in the document’s order', () =>
    expect(groupsOf(DOC, operations).map((group) => group.tag)).toEqual(['b', 'a']));
  it('are found by all words', () => {
    expect(matches(operations[0]!, 'get one')).toBe(true);
    expect(matches(operations[0]!, 'get two')).toBe(false);
  });
  it('of an empty document are none', () => expect(operationsOf({})).toEqual([]));
});

describe('schemas', () => {
  it('that contain themselves end', () => {
    const rows = rowsOf(DOC, { $ref: '#/components/schemas/Node' });
    expect(rows.map((row) => [row.name, row.type, row.required])).toEqual([
      ['name', 'string', true],
      ['kind', 'string', false],
      ['at', 'string (date-time) | null (date-time)', false],
      ['children', 'Node[]', false],
    ]);
    expect(exampleOf(DOC, node)).toMatchObject({ kind: 'x', children: [null] });
  });
  it('tell their limits', () => {
    expect(limitsOf(DOC, { type: 'string', maxLength: 9 })).toBe('length ≤ 9');
    expect(limitsOf(DOC, { type: 'integer', maximum: 2 ** 63 })).toBe('');
    expect(limitsOf(DOC, { enum: ['x', 'y'] })).toBe('"x" · "y"');
  });
  it('that point nowhere are any', () => expect(typeOf(DOC, { $ref: '#/components/schemas/Gone' })).toBe('any'));
});

describe('the command line', () => {
  it('signs in, names the path’s parts and quotes the body', () =>
    expect(curlOf(DOC, operations[1]!, 'https://h')).toBe(
      [
        `curl -X PUT "https://h/api/v1/nodes/$ID"`,
        `-H "Authorization: Bearer $TOKEN"`,
        `-H 'Content-Type: application/json'`,
        `-d '{"name":"it'\\''s"}'`,
      ].join(' \\\n  '),
    ));
  it('asks for no token where none is needed', () =>
    expect(curlOf(DOC, operations[2]!, 'https://h')).not.toContain('TOKEN'));
});
