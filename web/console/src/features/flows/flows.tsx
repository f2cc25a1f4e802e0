// SPDX-License-Identifier: Apache-2.0
//
// Task flows: what the bot does for buyers. A list beside one flow: its picture, its steps with their conditions, its words
// in both languages, its versions; a draft is tried in the test box and published, or taken back.
import { App, Button, Input, Popconfirm, Switch } from 'antd';
import { ArrowLeft, FlaskConical, Rocket, Search, Undo2, Workflow } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { useFlow, useFlowActions, useFlows, type FlowDoc, type FlowFull, type FlowListed } from '../../api/flows.ts';
import { useLayout } from '../../app/layout.ts';
import { Bones, Failed, Nothing, faultText } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import { TryDrawer } from '../knowledge/trybox.tsx';
import { docOf, same, textKeys, unknownPlaceholders } from './flow.ts';
import { Picture, Steps } from './steps.tsx';
import { Texts } from './texts.tsx';
import './flows.css';

export function Flows() {
  const { t } = useTranslation();
  const { id } = useParams();
  const narrow = useLayout() === 'narrow';
  const flows = useFlows();
  const [q, setQ] = useState('');
  const wanted = useDeferredValue(q.trim().toLowerCase());
  if (flows.isPending) {
    return (
      <main className="page">
        <Bones rows={7} />
      </main>
    );
  }
  if (flows.isError && !flows.data) {
    return (
      <main className="page">
        <Failed error={flows.error} onRetry={() => void flows.refetch()} />
      </main>
    );
  }
  const shown = flows.data.filter((flow) => `${flow.name} ${flow.id}`.toLowerCase().includes(wanted));
  return (
    <main className={`split ${narrow ? 'split-narrow' : ''}`}>
      {(!narrow || id === undefined) && (
        <section className="split-list" aria-label={t('flows.list')}>
          <div className="group-search">
            <Input
              allowClear
              value={q}
              onChange={(event) => setQ(event.target.value)}
              prefix={<Search size={15} aria-hidden="true" />}
              placeholder={t('flows.search')}
              aria-label={t('flows.search')}
            />
          </div>
          <p className="group-summary">{t('flows.count', { count: flows.data.length })}</p>
          <ul className="plain-list group-list flow-list" aria-label={t('flows.list')}>
            {shown.map((flow) => (
              <li key={flow.id}>
                <Listed flow={flow} chosen={flow.id === id} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {id !== undefined ? (
        <One key={id} id={id} narrow={narrow} />
      ) : (
        !narrow && (
          <section className="split-detail split-empty">
            <Nothing text={t('flows.choose')} icon={Workflow} />
          </section>
        )
      )}
    </main>
  );
}

function Listed({ flow, chosen }: { flow: FlowListed; chosen: boolean }) {
  const { t } = useTranslation();
  return (
    <Link to={`/rules/flows/${flow.id}`} className={`flow-row ${chosen ? 'flow-chosen' : ''}`} aria-current={chosen}>
      <span>
        <b>{flow.name}</b>
        <small>{t('flows.steps', { count: flow.steps })}</small>
      </span>
      {flow.draft > 0 && <span className="pill pill-warn">{t('flows.draft')}</span>}
      {flow.live > 0 && <span className="tag tag-tint">{t('flows.own')}</span>}
      <span className={`pill pill-${flow.on ? 'calm' : 'over'}`}>{t(flow.on ? 'flows.on' : 'flows.off')}</span>
    </Link>
  );
}

function One({ id, narrow }: { id: string; narrow: boolean }) {
  const { t } = useTranslation();
  const flow = useFlow(id);
  const navigate = useNavigate();
  return (
    <section className="split-detail" aria-label={flow.data?.name ?? t('flows.title')}>
      {narrow && (
        <Button
          type="link"
          className="back"
          icon={<ArrowLeft size={15} aria-hidden="true" />}
          onClick={() => void navigate('/rules/flows')}
        >
          {t('flows.list')}
        </Button>
      )}
      {flow.isPending && <Bones rows={6} />}
      {flow.isError && !flow.data && <Failed error={flow.error} onRetry={() => void flow.refetch()} />}
      {flow.data && <Editor key={JSON.stringify(docOf(flow.data))} flow={flow.data} />}
    </section>
  );
}

// ---- one flow ---------------------------------------------------------------------------------------------

function Editor({ flow }: { flow: FlowFull }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const format = useFormat();
  const { keep, discard, publish, back } = useFlowActions(flow.id);
  const stored = docOf(flow);
  const [doc, setDoc] = useState<FlowDoc>(stored);
  const [trying, setTrying] = useState(false);
  const changed = !same(doc, stored);
  const bad = badTexts(doc, flow);
  const complain = (error: unknown) => void message.error(faultText(error, t), 6);

  const save = (next: FlowDoc) =>
    keep.mutateAsync(next).then(
      () => true,
      (error: unknown) => {
        complain(error);
        return false;
      },
    );
  const tryOut = async () => {
    if (changed && !(await save(doc))) return;
    setTrying(true);
  };
  const goLive = () =>
    publish.mutate(undefined, { onError: complain, onSuccess: () => void message.success(t('flows.published')) });

  return (
    <>
      <div className="flow-head">
        <div>
          <h2>
            {flow.name} <code>{flow.id}</code>
          </h2>
          <p className="quiet">{flow.intents.map((intent) => intent.name).join(' · ')}</p>
        </div>
        <label className="flow-switch">
          <Switch
            checked={!doc.off}
            onChange={(on) => {
              const { off: _before, ...rest } = doc;
              setDoc(on ? rest : { ...rest, off: true });
            }}
          />
          {t(doc.off ? 'flows.off' : 'flows.on')}
        </label>
      </div>
      <div className="deeds flow-deeds" role="group" aria-label={t('flows.deeds')}>
        <Button
          icon={<FlaskConical size={15} aria-hidden="true" />}
          loading={keep.isPending}
          disabled={bad.length > 0}
          onClick={() => void tryOut()}
        >
          {t('flows.try')}
        </Button>
        <Button
          type={changed ? 'primary' : 'default'}
          disabled={!changed || bad.length > 0}
          loading={keep.isPending}
          onClick={() => void save(doc)}
        >
          {t('flows.keep')}
        </Button>
        {flow.draft && !changed && (
          <>
            <Popconfirm title={t('flows.publishAsk')} okText={t('flows.publish')} onConfirm={goLive}>
              <Button type="primary" icon={<Rocket size={15} aria-hidden="true" />} loading={publish.isPending}>
                {t('flows.publish')}
              </Button>
            </Popconfirm>
            <Button loading={discard.isPending} onClick={() => discard.mutate(undefined, { onError: complain })}>
              {t('flows.discard')}
            </Button>
          </>
        )}
        {flow.live && !flow.draft && !changed && (
          <Popconfirm
            title={t('flows.backAsk')}
            okText={t('flows.back')}
            onConfirm={() => back.mutate(undefined, { onError: complain })}
          >
            <Button icon={<Undo2 size={15} aria-hidden="true" />} loading={back.isPending}>
              {t('flows.back')}
            </Button>
          </Popconfirm>
        )}
        {changed && (
          <Button type="text" onClick={() => setDoc(stored)}>
            {t('work.cancel')}
          </Button>
        )}
        <span className="quiet" role="status">
          {t(changed ? 'flows.unsaved' : flow.draft ? 'flows.isDraft' : flow.live ? 'flows.isOwn' : 'flows.isShipped')}
        </span>
      </div>
      {bad.length > 0 && (
        <p role="alert" className="form-error">
          {t('flows.badPlaceholders', { list: bad.join('、') })}
        </p>
      )}
      {!flow.readable && (
        <p role="alert" className="form-error">
          {t('flows.unreadable')}
        </p>
      )}
      <h3 className="flow-part">{t('flows.picture')}</h3>
      <Picture doc={doc} texts={flow.texts} />
      <h3 className="flow-part">{t('flows.stepsTitle')}</h3>
      <Steps doc={doc} texts={flow.texts} onChange={setDoc} />
      <h3 className="flow-part">{t('flows.texts')}</h3>
      <p className="quiet">{t('flows.textsLead')}</p>
      <Texts doc={doc} texts={flow.texts} onChange={setDoc} />
      {flow.versions.length > 0 && (
        <>
          <h3 className="flow-part">{t('flows.versions')}</h3>
          <ul className="plain-list flow-versions">
            {flow.versions.map((one) => (
              <li key={one.number}>
                <b>{t('flows.version', { number: one.number })}</b>
                <span
                  className={`pill pill-${one.state === 'live' ? 'calm' : one.state === 'draft' ? 'warn' : 'plain'}`}
                >
                  {t(`flows.state.${one.state}`)}
                </span>
                <time dateTime={one.changed_at} title={format.full(one.changed_at)}>
                  {format.dayAndClock(one.changed_at)}
                </time>
              </li>
            ))}
          </ul>
        </>
      )}
      <TryDrawer open={trying} onClose={() => setTrying(false)} flow={flow.draft ? flow.id : undefined} />
    </>
  );
}

/** Placeholders that nobody would fill in the shop's own words. */
function badTexts(doc: FlowDoc, flow: FlowFull): string[] {
  return textKeys(doc).flatMap((key) =>
    (['zh', 'en'] as const).flatMap((language) => {
      const own = doc.texts?.[language]?.[key];
      return own ? unknownPlaceholders(own, flow.texts[language][key] ?? own).map((one) => `{${one}}`) : [];
    }),
  );
}
