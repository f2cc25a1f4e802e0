// SPDX-License-Identifier: Apache-2.0
//
// The cards that few conversations have, as one chunk that is loaded when the first of them is shown.
import './late.css';

export { CaseCardView } from './CaseCard.tsx';
export { FormAnswerView, FormCard } from './FormCard.tsx';
export { FileView } from './File.tsx';
