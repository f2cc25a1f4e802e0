// SPDX-License-Identifier: Apache-2.0
//
// What components need of Preact beyond its own: the chat's state, and an effect-free way to the chat itself.
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import type { Chat, State } from './chat.ts';

export const ChatContext = createContext<Chat>(null as unknown as Chat);
export const useChat = (): Chat => useContext(ChatContext);

export function useChatState(chat: Chat): State {
  const [state, set] = useState(chat.state);
  useEffect(() => {
    set(chat.state);
    return chat.subscribe(() => set(chat.state));
  }, [chat]);
  return state;
}

/** The value as it was when nobody changed it for a while. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
