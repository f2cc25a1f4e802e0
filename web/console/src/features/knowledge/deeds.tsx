// SPDX-License-Identifier: Apache-2.0
//
// What people do with an entry, each with its way back: after a change a message says what was done and offers to undo
// it for as long as it is shown; the versions offer it for ever.
import type { KnowledgeEntry, KnowledgeSaved } from '@xiaoer/protocol/wire';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useKnowledgeActions } from '../../api/knowledge.ts';
import { faultText } from '../../ui/states.tsx';

const UNDO_SECONDS = 8;
/** One at a time: a newer change takes the place of an older one, whose way back would no longer lead there. */
const UNDO = 'knowledge-undo';

export function useEntryDeeds() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { save, archive, restore } = useKnowledgeActions();
  const complain = (error: unknown) => void message.error(faultText(error, t));

  const tell = (text: string, undo: () => Promise<unknown>) => {
    const back = () => {
      message.destroy(UNDO);
      undo().then(() => void message.success(t('knowledge.undone')), complain);
    };
    void message.success({
      key: UNDO,
      duration: UNDO_SECONDS,
      content: (
        <span role="status">
          {text}{' '}
          <Button type="link" size="small" onClick={back}>
            {t('knowledge.undo')}
          </Button>
        </span>
      ),
    });
  };

  return {
    save,
    busy: archive.isPending || restore.isPending,
    /** Tells that a save was done. `before`: the version that it replaced; 0 for a new entry. */
    saved: (entry: KnowledgeSaved, before: number) =>
      tell(t(before === 0 ? 'knowledge.created' : 'knowledge.saved'), () =>
        before === 0 ? archive.mutateAsync(entry.id) : restore.mutateAsync({ id: entry.id, version: before }),
      ),
    archive: async (entry: KnowledgeEntry) => {
      try {
        await archive.mutateAsync(entry.id);
        tell(t('knowledge.archived'), () => restore.mutateAsync({ id: entry.id, version: entry.version }));
        return true;
      } catch (error) {
        complain(error);
        return false;
      }
    },
    restore: async (entry: KnowledgeEntry, version: number) => {
      try {
        await restore.mutateAsync({ id: entry.id, version });
        tell(t('knowledge.restored', { number: version }), () =>
          restore.mutateAsync({ id: entry.id, version: entry.version }),
        );
        return true;
      } catch (error) {
        complain(error);
        return false;
      }
    },
  };
}
