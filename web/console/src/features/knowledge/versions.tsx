// SPDX-License-Identifier: Apache-2.0
//
// Every state that an entry had, newest first: who, when, what became otherwise; each can be looked at beside the
// present one, and made the present one again.
import type { KnowledgeEntry, KnowledgeVersion } from '@xiaoer/protocol/wire';
import { Button, Modal, Popconfirm } from 'antd';
import { History, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat, useShopFormat } from '../../ui/time.ts';
import { useEntryDeeds } from './deeds.tsx';
import { changesBetween, diffTexts, type Change } from './diff.ts';
import { ConditionTags, LayerTag } from './words.tsx';

const FEW = 4;

interface Props {
  entry: KnowledgeEntry;
  /** What is not saved would be lost by going back. */
  blocked?: boolean;
}

export function Versions({ entry, blocked = false }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const deeds = useEntryDeeds();
  const [all, setAll] = useState(false);
  const [seen, setSeen] = useState<KnowledgeVersion | null>(null);
  const { versions } = entry;
  const shown = all ? versions : versions.slice(0, FEW);
  const before = (one: KnowledgeVersion) => versions[versions.indexOf(one) + 1];

  return (
    <section className="kb-card kb-versions">
      <h2>
        <History size={15} aria-hidden="true" /> {t('knowledge.versions')}
      </h2>
      <ol className="plain-list">
        {shown.map((one, nth) => (
          <li key={one.version}>
            <p className="kb-version-top">
              <b>{one.by?.name ?? t('knowledge.byImport')}</b>
              <time dateTime={one.changed_at} title={format.full(one.changed_at)}>
                {format.dayAndClock(one.changed_at)}
              </time>
              {nth === 0 && <span className="tag tag-tint">{t('knowledge.present')}</span>}
            </p>
            <p className="quiet">
              {before(one) ? <Changed changes={changesBetween(before(one)!, one)} /> : t('knowledge.first')}
            </p>
            <p className="kb-version-deeds">
              {before(one) && (
                <Button type="link" size="small" onClick={() => setSeen(one)}>
                  {t('knowledge.look')}
                </Button>
              )}
              {nth > 0 && one.state !== 'archived' && (
                <Popconfirm
                  title={t('knowledge.restoreAsk')}
                  okText={t('knowledge.restore')}
                  onConfirm={() => void deeds.restore(entry, one.version)}
                >
                  <Button
                    type="link"
                    size="small"
                    icon={<RotateCcw size={13} aria-hidden="true" />}
                    disabled={blocked || deeds.busy}
                    title={blocked ? t('knowledge.saveFirst') : undefined}
                  >
                    {t('knowledge.restore')}
                  </Button>
                </Popconfirm>
              )}
            </p>
          </li>
        ))}
      </ol>
      {versions.length > FEW && (
        <Button type="link" size="small" className="kb-fold" onClick={() => setAll(!all)}>
          {all ? t('knowledge.fewer') : t('knowledge.showAll', { number: versions.length })}
        </Button>
      )}
      {seen && <Difference before={before(seen)!} after={seen} onClose={() => setSeen(null)} />}
    </section>
  );
}

function Changed({ changes }: { changes: Change[] }) {
  const { t } = useTranslation();
  if (changes.length === 0) return t('knowledge.nothingChanged');
  return changes
    .map((change) => {
      const count = [
        change.added.length > 0 ? `+${change.added.length}` : '',
        change.removed.length > 0 ? `−${change.removed.length}` : '',
      ].filter((text) => text !== '');
      return [t(`knowledge.changed.${change.field}`), ...count].join(' ');
    })
    .join(' · ');
}

function Difference({
  before,
  after,
  onClose,
}: {
  before: KnowledgeVersion;
  after: KnowledgeVersion;
  onClose(): void;
}) {
  const { t } = useTranslation();
  const format = useShopFormat();
  const days = (one: KnowledgeVersion) =>
    one.valid_from === null && one.valid_to === null
      ? t('knowledge.always')
      : [one.valid_from, one.valid_to].map((at) => (at === null ? '' : format.full(at))).join(' – ');
  const changes = changesBetween(before, after);
  const body = ({ field, added, removed }: Change) => {
    switch (field) {
      case 'question':
      case 'answer':
        return <DiffText before={before[field]} after={after[field]} />;
      case 'similar':
        return (
          <ul className="plain-list">
            {removed.map((text) => (
              <li key={text}>
                <del>{text}</del>
              </li>
            ))}
            {added.map((text) => (
              <li key={text}>
                <ins>{text}</ins>
              </li>
            ))}
          </ul>
        );
      case 'layer':
        return (
          <>
            <LayerTag layer={before.layer} /> → <LayerTag layer={after.layer} />
          </>
        );
      case 'conditions':
        return (
          <>
            <ConditionTags conditions={before.conditions} all /> → <ConditionTags conditions={after.conditions} all />
          </>
        );
      case 'validity':
        return `${days(before)} → ${days(after)}`;
      default:
        return null;
    }
  };
  return (
    <Modal
      open
      title={t('knowledge.lookTitle', { number: after.version })}
      footer={null}
      onCancel={onClose}
      width={640}
    >
      <dl className="kb-diff">
        {changes.map((change) => (
          <div key={change.field}>
            <dt>{t(`knowledge.changed.${change.field}`)}</dt>
            <dd>{body(change)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

function DiffText({ before, after }: { before: string; after: string }) {
  return (
    <p className="kb-diff-text">
      {diffTexts(before, after).map((piece, nth) => {
        if (piece.kind === 'gone') return <del key={nth}>{piece.text}</del>;
        if (piece.kind === 'new') return <ins key={nth}>{piece.text}</ins>;
        return <span key={nth}>{piece.text}</span>;
      })}
    </p>
  );
}
