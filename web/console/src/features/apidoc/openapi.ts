// SPDX-License-Identifier: Apache-2.0
//
// Reading an OpenAPI 3.1 document for people: operations by tag, schemas as flat rows, an example of a schema, a
// command line for an operation. Pure functions over a document that nobody has checked: what is missing is left
// out, and a schema that contains itself ends.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  title?: string;
  description?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  example?: unknown;
  examples?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
}
interface Media {
  schema?: Schema;
  example?: unknown;
}
export interface Body {
  $ref?: string;
  description?: string;
  required?: boolean;
  content?: Record<string, Media>;
}
export interface Parameter {
  $ref?: string;
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  description?: string;
  schema?: Schema;
}
interface RawOperation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: Body;
  responses?: Record<string, Body>;
  security?: Record<string, string[]>[];
  deprecated?: boolean;
  /** Our own: whose session may call it. */
  'x-roles'?: string[];
}
export interface Document {
  openapi?: string;
  info?: { title?: string; version?: string; description?: string };
  servers?: { url: string }[];
  tags?: { name: string; description?: string }[];
  paths?: Record<string, Record<string, unknown>>;
  components?: Record<string, Record<string, unknown>>;
  security?: Record<string, string[]>[];
}

export interface Operation extends Omit<RawOperation, 'parameters' | 'requestBody' | 'responses'> {
  id: string;
  method: string;
  path: string;
  tag: string;
  parameters: Parameter[];
  body: Body | null;
  responses: { status: string; body: Body }[];
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const DEEPEST = 6;

/** `#/components/schemas/Message` → that object; anything that leads nowhere stays as it is. */
export function follow<T extends { $ref?: string }>(doc: Document, thing: T): T {
  let here: T = thing;
  for (let hops = 0; here.$ref?.startsWith('#/') && hops < DEEPEST; hops++) {
    const found = here.$ref
      .slice(2)
      .split('/')
      .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[unescaped(key)], doc);
    if (typeof found !== 'object' || found === null) break;
    here = found as T;
  }
  return here;
}

const unescaped = (key: string) => decodeURIComponent(key).replace(/~1/g, '/').replace(/~0/g, '~');

export function operationsOf(doc: Document): Operation[] {
  return Object.entries(doc.paths ?? {}).flatMap(([path, item]) => {
    const shared = (item.parameters as Parameter[] | undefined) ?? [];
    return METHODS.filter((method) => method in item).map((method) => {
      const raw = item[method] as RawOperation;
      return {
        ...raw,
        id: `${method}-${path}`.replace(/[^a-z0-9]+/gi, '-').replace(/-$/, ''),
        method: method.toUpperCase(),
        path,
        tag: raw.tags?.[0] ?? '',
        parameters: [...shared, ...(raw.parameters ?? [])].map((one) => follow(doc, one)),
        body: raw.requestBody ? follow(doc, raw.requestBody) : null,
        responses: Object.entries(raw.responses ?? {}).map(([status, body]) => ({ status, body: follow(doc, body) })),
      };
    });
  });
}

export interface Group {
  tag: string;
  description: string;
  operations: Operation[];
}

/** In the order of the document's own list of tags; those that it does not list follow. */
export function groupsOf(doc: Document, operations: readonly Operation[]): Group[] {
  const listed = (doc.tags ?? []).map((tag) => tag.name);
  const all = [...new Set([...listed, ...operations.map((one) => one.tag)])];
  return all
    .map((tag) => ({
      tag,
      description: doc.tags?.find((one) => one.name === tag)?.description ?? '',
      operations: operations.filter((one) => one.tag === tag),
    }))
    .filter((group) => group.operations.length > 0);
}

export function matches(operation: Operation, q: string): boolean {
  const text = `${operation.method} ${operation.path} ${operation.summary ?? ''} ${operation.description ?? ''} ${operation.tag} ${operation.operationId ?? ''}`;
  const hay = text.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}

export const jsonOf = (body: Body | null): Media | null => {
  const content = body?.content ?? {};
  return content['application/json'] ?? content['application/problem+json'] ?? Object.values(content)[0] ?? null;
};

// ---- schemas ----------------------------------------------------------------------------------------------

/** Joins `allOf`, so that one object can be shown. */
function whole(doc: Document, schema: Schema): Schema {
  const here = follow(doc, schema);
  if (!here.allOf) return here;
  const parts = here.allOf.map((part) => whole(doc, part));
  return {
    ...here,
    type: here.type ?? parts.find((part) => part.type)?.type,
    properties: Object.assign({}, ...parts.map((part) => part.properties), here.properties),
    required: [...parts.flatMap((part) => part.required ?? []), ...(here.required ?? [])],
  };
}

const nameOf = (schema: Schema) => schema.$ref?.split('/').at(-1);

export function typeOf(doc: Document, schema: Schema | undefined): string {
  if (!schema) return 'any';
  const here = whole(doc, schema);
  const parts = here.oneOf ?? here.anyOf;
  if (parts) return parts.map((part) => typeOf(doc, part)).join(' | ');
  if (here.const !== undefined) return JSON.stringify(here.const);
  const types = [here.type ?? (here.properties ? 'object' : 'any')].flat();
  const words = types.map((type) => {
    if (type === 'array') return `${typeOf(doc, here.items)}[]`;
    if (type === 'object') return nameOf(schema) ?? 'object';
    return here.format ? `${type} (${here.format})` : type;
  });
  return words.join(' | ');
}

export function limitsOf(doc: Document, schema: Schema | undefined): string {
  if (!schema) return '';
  const here = whole(doc, schema);
  const facts: string[] = [];
  if (here.enum) facts.push(here.enum.map((value) => JSON.stringify(value)).join(' · '));
  if (here.minimum !== undefined) facts.push(`≥ ${here.minimum}`);
  if (here.maximum !== undefined && here.maximum < Number.MAX_SAFE_INTEGER) facts.push(`≤ ${here.maximum}`);
  if (here.minLength !== undefined) facts.push(`length ≥ ${here.minLength}`);
  if (here.maxLength !== undefined) facts.push(`length ≤ ${here.maxLength}`);
  if (here.maxItems !== undefined) facts.push(`items ≤ ${here.maxItems}`);
  if (here.pattern) facts.push(here.pattern);
  if (here.default !== undefined) facts.push(`= ${JSON.stringify(here.default)}`);
  return facts.join(', ');
}

export interface SchemaRow {
  key: string;
  name: string;
  depth: number;
  type: string;
  required: boolean;
  description: string;
  limits: string;
}

/** All fields of an object, inner ones below outer ones. */
export function rowsOf(
  doc: Document,
  schema: Schema | undefined,
  depth = 0,
  path = '',
  above: readonly Schema[] = [],
): SchemaRow[] {
  if (!schema || depth >= DEEPEST) return [];
  const here = whole(doc, schema);
  if (above.includes(follow(doc, schema))) return [];
  const trail = [...above, follow(doc, schema)];

  if (here.items) return rowsOf(doc, here.items, depth, `${path}[]`, trail);
  const parts = here.oneOf ?? here.anyOf;
  if (parts && !here.properties) return parts.flatMap((part, nth) => rowsOf(doc, part, depth, `${path}|${nth}`, trail));
  return Object.entries(here.properties ?? {}).flatMap(([name, field]) => {
    const key = `${path}.${name}`;
    const row: SchemaRow = {
      key,
      name,
      depth,
      type: typeOf(doc, field),
      required: here.required?.includes(name) ?? false,
      description: field.description ?? whole(doc, field).description ?? '',
      limits: limitsOf(doc, field),
    };
    return [row, ...rowsOf(doc, field, depth + 1, key, trail)];
  });
}

export function exampleOf(doc: Document, schema: Schema | undefined, above: readonly Schema[] = []): unknown {
  if (!schema) return null;
  const here = whole(doc, schema);
  const given = here.example ?? here.examples?.[0] ?? here.const ?? here.default ?? here.enum?.[0];
  if (given !== undefined) return given;
  const self = follow(doc, schema);
  if (above.includes(self) || above.length > DEEPEST) return null;
  const trail = [...above, self];

  const part = (here.oneOf ?? here.anyOf)?.[0];
  if (part && !here.properties) return exampleOf(doc, part, trail);
  switch ([here.type ?? (here.properties ? 'object' : 'string')].flat()[0]) {
    case 'object':
      return Object.fromEntries(
        Object.entries(here.properties ?? {}).map(([name, field]) => [name, exampleOf(doc, field, trail)]),
      );
    case 'array':
      return [exampleOf(doc, here.items, trail)];
    case 'integer':
    case 'number':
      return here.minimum ?? 0;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return here.format === 'date-time'
        ? '2026-11-20T10:00:00+08:00'
        : here.format === 'date'
          ? '2026-11-20'
          : 'string';
  }
}

// ---- a command line ---------------------------------------------------------------------------------------

const quoted = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`;

/** True when the operation says so, or says nothing and the document does. */
export const needsSignIn = (doc: Document, operation: Operation) =>
  (operation.security ?? doc.security ?? []).some((one) => Object.keys(one).length > 0);

export function curlOf(doc: Document, operation: Operation, origin: string): string {
  const base = (doc.servers?.[0]?.url ?? '').replace(/\/$/, '');
  const path = operation.path.replace(/\{([^}]+)\}/g, (_whole, name: string) => `$${name.toUpperCase()}`);
  const query = operation.parameters
    .filter((one) => one.in === 'query' && one.required)
    .map((one) => `${one.name}=${String(exampleOf(doc, one.schema))}`)
    .join('&');
  const url = (base.startsWith('http') ? base : origin + base) + path + (query === '' ? '' : `?${query}`);

  const lines = [`curl ${operation.method === 'GET' ? '' : `-X ${operation.method} `}"${url}"`];
  if (needsSignIn(doc, operation)) lines.push(`-H "Authorization: Bearer $TOKEN"`);
  const media = jsonOf(operation.body);
  if (media) {
    lines.push(`-H 'Content-Type: application/json'`);
    lines.push(`-d ${quoted(JSON.stringify(media.example ?? exampleOf(doc, media.schema)))}`);
  }
  return lines.join(' \\\n  ');
}
