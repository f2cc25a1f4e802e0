// SPDX-License-Identifier: Apache-2.0
//
// What lies open on the knowledge page of this window: filters, the test box, the import. Coming back from another
// page finds it as it was left.
import { create } from 'zustand';
import type { Filter } from '../../api/knowledge.ts';

interface KnowledgeDesk extends Filter {
  trying: boolean;
  /** What the test box is to try as soon as it is open. */
  tryText: string;
  importing: boolean;
  set(change: Partial<Omit<KnowledgeDesk, 'set' | 'tryOut'>>): void;
  tryOut(text?: string): void;
}

export const useKnowledgeDesk = create<KnowledgeDesk>()((set) => ({
  q: '',
  layer: '',
  state: 'in_use',
  trying: false,
  tryText: '',
  importing: false,
  set: (change) => set(change),
  tryOut: (text = '') => set({ trying: true, tryText: text }),
}));
