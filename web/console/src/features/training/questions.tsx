// SPDX-License-Identifier: Apache-2.0
//
// What the bot did not serve well: groups at the left, the chosen one at the right with what can be made of it. The
// chosen group is in the address; on a narrow window it is a page of its own.
import { useEffect, useMemo, useState } from 'react';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { useLearningGroups, type DeedKind, type Group, type LearningState, type Target } from '../../api/training.ts';
import { useLayout } from '../../app/layout.ts';
import { useListKeys } from '../../app/listkeys.ts';
import { useDeeds } from './deeds.ts';
import { DeedDialog } from './dialogs.tsx';
import { GroupDetail } from './groupdetail.tsx';
import { GroupList } from './grouplist.tsx';
import { nextAfter, shownGroups, stepFrom, type Wanted } from './groups.ts';

const STATES: readonly LearningState[] = ['open', 'done', 'ignored'];

export interface Wish {
  kind: DeedKind;
  target: Target;
  /** Of whose texts they are: the first gives the words to begin with. */
  groups: Group[];
  texts: string[];
}

export function Questions() {
  const { id = null } = useParams();
  const [search, setSearch] = useSearchParams();
  const state = STATES.find((one) => one === search.get('state')) ?? 'open';
  const narrow = useLayout() === 'narrow';
  const [wanted, setWanted] = useState<Wanted>({ q: '', reason: '', order: 'size' });
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<Wish | null>(null);
  const groups = useLearningGroups(state);
  const shown = useMemo(() => shownGroups(groups.data?.items ?? [], wanted), [groups.data, wanted]);
  const current = groups.data?.items.find((group) => group.id === id) ?? null;
  const { open, focusRow, onKeys } = useMoving(id, shown, narrow);
  const { busy, act } = useDeeds();

  useListKeys('.group-list', onKeys);
  useEffect(() => setPicked(new Set()), [state]);
  // The one that the address names may be far down.
  const found = current !== null;
  useEffect(() => {
    if (found) document.querySelector('.group-list [aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [found]);

  // What is dealt with leaves the list, and the eye goes on to the next.
  const run = async (
    wish: Wish,
    more: { intent?: string; entry?: string; question?: string; answer?: string } = {},
  ) => {
    const ids = shown.map((group) => group.id);
    const done = await act({ kind: wish.kind, ...wish.target, ...more });
    if (!done) return;
    setDialog(null);
    setPicked(new Set());
    const gone = new Set(wish.kind === 'merge' ? wish.target.groups?.slice(1) : wish.target.groups);
    const next = wish.kind === 'merge' ? wish.target.groups![0]! : nextAfter(ids, id, gone);
    if (wish.kind === 'merge' || (id !== null && next !== id)) open(narrow && wish.kind !== 'merge' ? null : next);
    if (gone.size > 0) focusRow(next);
  };

  const wish = (kind: DeedKind, of: Group[], items: string[] = [], texts: string[] = []) => {
    const target: Target = items.length > 0 ? { items } : { groups: of.map((group) => group.id) };
    const made: Wish = { kind, target, groups: of, texts: texts.length > 0 ? texts : of.flatMap((g) => g.examples) };
    if (kind === 'ignore' || (kind === 'merge' && of.length > 1)) void run(made);
    else setDialog(made);
  };

  const list = (
    <GroupList
      state={state}
      onState={(next) => {
        setSearch(next === 'open' ? {} : { state: next });
        if (id !== null) open(null, next);
      }}
      query={groups}
      shown={shown}
      wanted={wanted}
      onWanted={setWanted}
      current={id}
      onOpen={open}
      picked={picked}
      onPick={setPicked}
      busy={busy}
      onWish={(kind) => wish(kind, groups.data?.items.filter((group) => picked.has(group.id)) ?? [])}
    />
  );
  const detail = (
    <GroupDetail
      key={`${id} ${state}`}
      id={id}
      group={current}
      pending={groups.isPending}
      state={state}
      busy={busy}
      onBack={narrow ? () => open(null) : undefined}
      onWish={(kind, items, texts) => current && wish(kind, [current], items, texts)}
    />
  );
  return (
    <main className={narrow ? 'split split-narrow' : 'split'}>
      {(!narrow || id === null) && list}
      {(!narrow || id !== null) && detail}
      {dialog && (
        <DeedDialog
          wish={dialog}
          others={(groups.data?.items ?? []).filter((group) => !dialog.groups.includes(group))}
          busy={busy}
          onClose={() => setDialog(null)}
          onDo={(more, kind = dialog.kind) => void run({ ...dialog, kind }, more)}
          onMerge={(into) =>
            void run({ ...dialog, target: { groups: [into, ...dialog.groups.map((group) => group.id)] } })
          }
        />
      )}
    </main>
  );
}

/** Opening groups, with the mouse or by key. Moving does not fill the browser's history. */
function useMoving(id: string | null, shown: readonly Group[], narrow: boolean) {
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const open = (to: string | null, state = search.get('state') ?? 'open') => {
    const path = to === null ? '/training/questions' : `/training/questions/${to}`;
    void navigate(state === 'open' ? path : `${path}?state=${state}`, { replace: !narrow });
  };
  const focusRow = (row: string | null) =>
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-group="${row ?? ''}"]`)?.focus());

  const onKeys = {
    move: (step: 1 | -1) => {
      const here = document.activeElement?.closest<HTMLElement>('[data-group]')?.dataset.group;
      const ids = shown.map((group) => group.id);
      const to = stepFrom(ids, narrow ? (here ?? id) : id, step);
      if (to === null) return;
      if (!narrow) open(to);
      focusRow(to);
    },
    search: () => document.querySelector<HTMLElement>('.group-search input')?.focus(),
    close: () => {
      if (document.activeElement?.closest('.group-search')) (document.activeElement as HTMLElement).blur();
      else if (narrow) open(null);
      focusRow(id);
    },
  };
  return { open, focusRow, onKeys };
}
