// SPDX-License-Identifier: Apache-2.0
//
// The knowledge page: the list of entries, the one that is open, the test box beside them, the import over them. This
// file arranges them, reads the open entry from the address and binds the keyboard.
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { BookOpenText } from 'lucide-react';
import { useTeaches } from '../../api/knowledge.ts';
import { useLayout } from '../../app/layout.ts';
import { useListKeys } from '../../app/listkeys.ts';
import { Keys } from '../../ui/kbd.tsx';
import { Nothing } from '../../ui/states.tsx';
import { useKnowledgeDesk } from './desk.ts';
import { EntryPane } from './entry.tsx';
import { ImportDialog } from './importer.tsx';
import { ListPane, type ListHandle } from './list.tsx';
import { TRY_WIDTH } from './measures.ts';
import { TryDrawer } from './trybox.tsx';
import './knowledge.css';

export function Knowledge() {
  const { id = null } = useParams();
  const navigate = useNavigate();
  const layout = useLayout();
  const teaches = useTeaches();
  const { trying, tryText, importing, set } = useKnowledgeDesk();
  const list = useRef<ListHandle>(null);

  useListKeys('.kb-list', {
    move: (step) => list.current?.move(step),
    search: () => list.current?.search(),
    close: () => {
      if (id === null) return;
      void navigate('/knowledge');
      list.current?.focus(id);
    },
  });

  const shown = layout !== 'narrow' ? 'all' : id === null ? 'list' : 'entry';
  const room = trying && layout === 'wide' ? TRY_WIDTH : 0;
  return (
    <div className={`kb kb-${layout}`} style={{ paddingRight: room }}>
      {shown !== 'entry' && <ListPane ref={list} current={id} alone={shown === 'list'} />}
      {shown !== 'list' && (id === null ? <NoEntry /> : <EntryPane key={id} id={id} />)}
      {teaches && <TryDrawer open={trying} text={tryText} onClose={() => set({ trying: false })} />}
      {importing && <ImportDialog kind="knowledge" onClose={() => set({ importing: false })} />}
    </div>
  );
}

function NoEntry() {
  const { t } = useTranslation();
  return (
    <main className="kb-entry kb-none">
      <h1 className="sr-only">{t('knowledge.title')}</h1>
      <Nothing text={t('knowledge.choose')} icon={BookOpenText}>
        <p className="kb-keys">
          <Keys keys="J" /> <Keys keys="K" /> {t('knowledge.key.move')} · <Keys keys="Enter" />{' '}
          {t('knowledge.key.open')} · <Keys keys="/" /> {t('knowledge.key.search')} · <Keys keys="Esc" />{' '}
          {t('knowledge.key.close')}
        </p>
      </Nothing>
    </main>
  );
}
