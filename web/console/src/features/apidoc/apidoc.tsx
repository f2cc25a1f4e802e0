// SPDX-License-Identifier: Apache-2.0
//
// The API for people: reads the OpenAPI document that this very server serves and shows every operation with its
// parameters, bodies, answers and a command line. No sign-in needed. What it shows is what the server says of
// itself; nothing about single routes is written here.
import { useQuery } from '@tanstack/react-query';
import { Button, Dropdown, Input } from 'antd';
import { Check, Copy, Languages, LockKeyhole, Search } from 'lucide-react';
import { memo, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/http.ts';
import { usePreferences } from '../../app/preferences.ts';
import { LANGUAGES } from '../../i18n/index.ts';
import { languageMenu } from '../../i18n/menu.ts';
import { Rich } from '../../ui/rich.tsx';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import './apidoc.css';
import {
  curlOf,
  exampleOf,
  groupsOf,
  jsonOf,
  limitsOf,
  matches,
  needsSignIn,
  operationsOf,
  rowsOf,
  typeOf,
  type Body,
  type Document,
  type Group,
  type Operation,
} from './openapi.ts';

export function ApiReference() {
  const { t } = useTranslation();
  const answer = useQuery({
    queryKey: ['openapi'],
    queryFn: () => get<Document>('/openapi.json'),
    staleTime: Infinity,
  });
  useEffect(() => {
    document.title = `${t('api.title')} · ${t('app.name')}`;
  }, [t]);

  return (
    <div className="api">
      <TopBar doc={answer.data} />
      {answer.isPending && <Bones rows={8} />}
      {answer.isError && <Failed error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.data && <Reference doc={answer.data} />}
    </div>
  );
}

function TopBar({ doc }: { doc: Document | undefined }) {
  const { t } = useTranslation();
  const language = usePreferences((state) => state.language);
  return (
    <header className="api-top">
      <img src="/console/favicon.svg" alt="" width={26} height={26} />
      <b>{t('api.title')}</b>
      {doc?.info?.version && <span className="tag">v{doc.info.version}</span>}
      {doc?.openapi && <span className="tag">OpenAPI {doc.openapi}</span>}
      <span className="space" />
      <a href="/api/v1/openapi.json">openapi.json</a>
      <Dropdown trigger={['click']} menu={languageMenu(language)}>
        <Button type="text" size="small" icon={<Languages size={15} aria-hidden="true" />}>
          {LANGUAGES[language]}
        </Button>
      </Dropdown>
    </header>
  );
}

function Reference({ doc }: { doc: Document }) {
  const { t } = useTranslation();
  const [q, setQ] = useState('');
  const wanted = useDeferredValue(q.trim());
  const operations = useMemo(() => operationsOf(doc), [doc]);
  const groups = useMemo(
    () => groupsOf(doc, wanted === '' ? operations : operations.filter((one) => matches(one, wanted))),
    [doc, operations, wanted],
  );

  // A shared link to one operation: the browser could not jump before it was drawn.
  useEffect(() => {
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }, []);

  return (
    <div className="api-body">
      <nav className="api-nav" aria-label={t('api.contents')}>
        <Input
          allowClear
          value={q}
          onChange={(event) => setQ(event.target.value)}
          prefix={<Search size={15} aria-hidden="true" />}
          placeholder={t('api.search')}
          aria-label={t('api.search')}
        />
        <p className="quiet" role="status">
          {t('api.count', { count: groups.reduce((sum, group) => sum + group.operations.length, 0) })}
        </p>
        {groups.map((group) => (
          <NavGroup key={group.tag} group={group} />
        ))}
      </nav>
      <main className="api-main">
        {wanted === '' && (
          <section className="api-intro">
            <h1>{doc.info?.title ?? t('api.title')}</h1>
            {doc.info?.description && <Rich text={doc.info.description} />}
            <p>{t('api.lead')}</p>
          </section>
        )}
        {groups.length === 0 && <Nothing text={t('api.none', { q: wanted })} icon={Search} />}
        {groups.map((group) => (
          <section key={group.tag} aria-label={group.tag || t('api.other')}>
            <h2 className="api-tag">{group.tag || t('api.other')}</h2>
            {group.description !== '' && <Rich text={group.description} />}
            {group.operations.map((operation) => (
              <OperationView key={operation.id} doc={doc} operation={operation} />
            ))}
          </section>
        ))}
      </main>
    </div>
  );
}

/** The same at the start of every path; in the contents it only takes room. */
const VERSION = /^\/api\/v\d+(?=\/)/;

function NavGroup({ group }: { group: Group }) {
  const { t } = useTranslation();
  return (
    <section>
      <h2>{group.tag || t('api.other')}</h2>
      <ul>
        {group.operations.map((one) => (
          <li key={one.id}>
            <a href={`#${one.id}`} title={one.summary}>
              <Method name={one.method} />
              <span>{one.path.replace(VERSION, '')}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

const Method = ({ name }: { name: string }) => <span className={`method method-${name.toLowerCase()}`}>{name}</span>;

const OperationView = memo(function OperationView({ doc, operation }: { doc: Document; operation: Operation }) {
  const { t } = useTranslation();
  const roles = operation['x-roles'] ?? [];
  return (
    <article className="operation" id={operation.id}>
      <h3>
        <Method name={operation.method} />
        <code>{operation.path}</code>
        {needsSignIn(doc, operation) && (
          <span className="api-lock" title={t('api.signInHint')}>
            <LockKeyhole size={13} aria-hidden="true" /> {t('api.signIn')}
          </span>
        )}
        {roles.length > 0 && (
          <span className="api-lock">
            {t('api.roles', { list: roles.map((role) => t(`role.${role}`, role)).join(' · ') })}
          </span>
        )}
        {operation.deprecated && <span className="tag tag-alert">{t('api.deprecated')}</span>}
      </h3>
      {operation.summary && <p className="api-summary">{operation.summary}</p>}
      {operation.description && operation.description !== operation.summary && <Rich text={operation.description} />}
      <div className="api-columns">
        <div>
          {operation.parameters.length > 0 && <Parameters doc={doc} operation={operation} />}
          {operation.body && (
            <>
              <h4>{t('api.request')}</h4>
              <SchemaTable
                doc={doc}
                body={operation.body}
                label={`${operation.method} ${operation.path}: ${t('api.request')}`}
              />
            </>
          )}
          {operation.responses.map(({ status, body }) => (
            <details key={status} className="response" open={status.startsWith('2')}>
              <summary>
                <b className={`http http-${status[0]}`}>{status}</b> {body.description}
              </summary>
              <SchemaTable
                doc={doc}
                body={body}
                label={`${operation.method} ${operation.path}: ${t('api.response')} ${status}`}
              />
            </details>
          ))}
        </div>
        <div>
          <Code title="curl" text={curlOf(doc, operation, location.origin)} />
          <ExampleAnswer doc={doc} operation={operation} />
        </div>
      </div>
    </article>
  );
});

function Parameters({ doc, operation }: { doc: Document; operation: Operation }) {
  const { t } = useTranslation();
  return (
    <>
      <h4>{t('api.parameters')}</h4>
      <div
        className="table-box"
        role="region"
        aria-label={`${operation.method} ${operation.path}: ${t('api.parameters')}`}
        tabIndex={0}
      >
        <table>
          <thead>
            <tr>
              <th scope="col">{t('api.name')}</th>
              <th scope="col">{t('api.place')}</th>
              <th scope="col">{t('api.type')}</th>
              <th scope="col">{t('api.meaning')}</th>
            </tr>
          </thead>
          <tbody>
            {operation.parameters.map((one) => (
              <tr key={`${one.in} ${one.name}`}>
                <td>
                  <code>{one.name}</code>
                  {one.required && <em>{t('api.required')}</em>}
                </td>
                <td>{t(`api.in.${one.in}`, { defaultValue: one.in })}</td>
                <td className="type">{typeOf(doc, one.schema)}</td>
                <td>
                  <Meaning text={one.description ?? ''} limits={limitsOf(doc, one.schema)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function SchemaTable({ doc, body, label }: { doc: Document; body: Body; label: string }) {
  const { t } = useTranslation();
  const media = jsonOf(body);
  if (!media?.schema) return <p className="quiet">{t('api.noBody')}</p>;
  const rows = rowsOf(doc, media.schema);
  const type = typeOf(doc, media.schema);
  if (rows.length === 0) return <p className="type">{type}</p>;
  return (
    <div className="table-box" role="region" aria-label={label} tabIndex={0}>
      <table>
        <caption>{type}</caption>
        <thead>
          <tr>
            <th scope="col">{t('api.field')}</th>
            <th scope="col">{t('api.type')}</th>
            <th scope="col">{t('api.meaning')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td style={{ paddingLeft: 10 + row.depth * 18 }}>
                <code>{row.name}</code>
                {row.required && <em>{t('api.required')}</em>}
              </td>
              <td className="type">{row.type}</td>
              <td>
                <Meaning text={row.description} limits={row.limits} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Meaning({ text, limits }: { text: string; limits: string }) {
  return (
    <>
      {text}
      {limits !== '' && <code className="limits">{limits}</code>}
    </>
  );
}

function ExampleAnswer({ doc, operation }: { doc: Document; operation: Operation }) {
  const { t } = useTranslation();
  const good = operation.responses.find((one) => one.status.startsWith('2'));
  const media = jsonOf(good?.body ?? null);
  if (!media) return null;
  return (
    <Code
      title={t('api.example', { status: good!.status })}
      text={JSON.stringify(media.example ?? exampleOf(doc, media.schema), null, 2)}
    />
  );
}

const COPIED_MS = 1_500;

function Code({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <figure className="code">
      <figcaption>
        {title}
        <button type="button" onClick={() => void copy()} aria-label={t('api.copy')}>
          {copied ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
        </button>
      </figcaption>
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}
