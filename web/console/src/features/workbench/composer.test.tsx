// SPDX-License-Identifier: Apache-2.0
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { usePreferences } from '../../app/preferences.ts';
import { say } from '../../live/link.ts';
import { useLive } from '../../live/store.ts';
import { ME, row } from '../../test-data.ts';
import type { Actions } from './actions.ts';
import { Composer, MOST_LETTERS } from './composer.tsx';

vi.mock('../../live/link.ts', () => ({ say: vi.fn(), typing: vi.fn() }));

const CANNED = [
  { id: '1', scope: 'shop', group: '问候', title: '欢迎', text: '{buyer}您好' },
  { id: '2', scope: 'shop', group: '物流', title: '催件', text: '已经帮您加急' },
];
const write = vi.fn();

function show() {
  const client = new QueryClient();
  client.setQueryDefaults(['canned'], { staleTime: Infinity });
  client.setQueryDefaults(['me'], { staleTime: Infinity });
  client.setQueryData(['canned'], CANNED);
  client.setQueryData(['me'], { alias: '小雨', name: '林小雨', shop: { name: '山行户外' } });
  render(
    <QueryClientProvider client={client}>
      <Composer id="C1" actions={{ write, showAside: vi.fn() } as unknown as Actions} />
    </QueryClientProvider>,
  );
  return { user: userEvent.setup(), box: screen.getByRole<HTMLTextAreaElement>('textbox') };
}

beforeEach(() => {
  vi.mocked(say).mockClear();
  useLive.getState().signIn(ME, '小雨');
  useLive.getState().putRow(row('C1'));
});

describe('sending', () => {
  it('goes by Enter, without the blanks around', async () => {
    const { user, box } = show();
    await user.type(box, ' 好的 {Enter}');
    expect(say).toHaveBeenCalledWith('C1', { kind: 'text', text: '好的' });
    expect(box.value).toBe('');
  });

  it('is not what Shift+Enter does', async () => {
    const { user, box } = show();
    await user.type(box, '一{Shift>}{Enter}{/Shift}二');
    expect(say).not.toHaveBeenCalled();
    expect(box.value).toBe('一\n二');
  });

  it('does not happen on the Enter that ends a composition', () => {
    const { box } = show();
    fireEvent.change(box, { target: { value: 'nihao' } });
    fireEvent.keyDown(box, { key: 'Enter', isComposing: true });
    fireEvent.keyDown(box, { key: 'Enter', keyCode: 229 });
    expect(say).not.toHaveBeenCalled();
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(say).toHaveBeenCalledOnce();
  });

  it('goes by Ctrl+Enter for who has chosen that', async () => {
    usePreferences.getState().set({ sendKey: 'ctrl-enter' });
    const { user, box } = show();
    await user.type(box, '好{Enter}的');
    expect(say).not.toHaveBeenCalled();
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(say).toHaveBeenCalledWith('C1', { kind: 'text', text: '好\n的' });
  });

  it('refuses nothing and too much', async () => {
    const { user, box } = show();
    await user.type(box, '  {Enter}');
    fireEvent.change(box, { target: { value: '长'.repeat(MOST_LETTERS + 1) } });
    fireEvent.keyDown(box, { key: 'Enter' });
    expect(say).not.toHaveBeenCalled();
    expect(screen.getByRole('alert').textContent).toContain(`${MOST_LETTERS + 1}/${MOST_LETTERS}`);
  });
});

describe('a note', () => {
  it('looks different and goes out as a note', async () => {
    usePreferences.getState().setDraft('C1', { mode: 'note', text: '' });
    const { user } = show();
    const box = screen.getByRole('textbox', { name: '写给同事的备注' });
    await user.type(box, '先安抚');
    await user.click(screen.getByRole('button', { name: '保存备注' }));
    expect(say).toHaveBeenCalledWith('C1', { kind: 'note', text: '先安抚' });
  });

  it('is chosen by its button', async () => {
    const { user } = show();
    await user.click(screen.getByRole('button', { name: '内部备注' }));
    expect(write).toHaveBeenCalledWith('note');
  });
});

describe('canned replies', () => {
  it('open on a slash, are chosen by keys, and Enter does not send meanwhile', async () => {
    const { user, box } = show();
    await user.type(box, '/');
    expect(screen.getAllByRole('option')).toHaveLength(2);
    await user.keyboard('{ArrowDown}{Enter}');
    expect(box.value).toBe('已经帮您加急');
    expect(say).not.toHaveBeenCalled();
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  it('are found by typing on, and their names filled in', async () => {
    const { user, box } = show();
    await user.type(box, '您 /欢');
    expect(screen.getAllByRole('option')).toHaveLength(1);
    await user.keyboard('{Tab}');
    expect(box.value).toBe('您 陈子涵您好');
  });

  it('close on Escape and leave what was written', async () => {
    const { user, box } = show();
    await user.type(box, '/催{Escape}');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(box.value).toBe('/催');
  });
});

it('keeps a draft for each conversation', async () => {
  const { user, box } = show();
  await user.type(box, '稍等');
  expect(usePreferences.getState().drafts).toEqual({ C1: { mode: 'reply', text: '稍等' } });
});
