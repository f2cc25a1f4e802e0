// SPDX-License-Identifier: Apache-2.0
//
// What a buyer sends and the bot shows beside words: photos (a click enlarges, turns and zooms), documents, forms with what was
// filled in (masked: nothing else is stored), and after-sale cases as they stood.
import type { CaseCard, Form, FormAnswer, Upload } from '@xiaoer/protocol/wire';
import { Image } from 'antd';
import { Check, Clock, FileText, ListChecks, SquarePen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useShopFormat } from '../../ui/time.ts';
import './media.css';

const WIDTH = 220;
const HEIGHT = 260;
const address = (id: string) => `/api/v1/uploads/${encodeURIComponent(id)}`;

export function PhotoView({ image }: { image: Upload }) {
  const { t } = useTranslation();
  const scale = Math.min(WIDTH / (image.width || WIDTH), HEIGHT / (image.height || HEIGHT), 1);
  return (
    <Image
      className="photo"
      src={address(image.id)}
      alt={t('message.photo')}
      width={Math.max(72, Math.round((image.width || WIDTH) * scale))}
      height={Math.max(56, Math.round((image.height || HEIGHT) * scale))}
    />
  );
}

export function FileView({ file }: { file: Upload }) {
  const { t } = useTranslation();
  return (
    <a className="card card-file" href={address(file.id)} target="_blank" rel="noopener noreferrer">
      <FileText size={22} aria-hidden="true" />
      <span>
        {t('message.file')} <small>{Math.max(1, Math.round(file.bytes / 1024))} KB</small>
      </span>
    </a>
  );
}

export function FormView({ form }: { form: Form }) {
  const { t } = useTranslation();
  return (
    <article className="card card-form" aria-label={form.title}>
      <header>
        <span>
          <SquarePen size={13} aria-hidden="true" /> {t('message.form')}
        </span>
      </header>
      <b>{form.title}</b>
      <small>{form.fields.map((field) => field.label).join(' · ')}</small>
    </article>
  );
}

export function FormAnswerView({ answer }: { answer: FormAnswer }) {
  const { t } = useTranslation();
  return (
    <article className="card card-form" aria-label={t('message.formAnswer')}>
      <header>
        <span>
          <Check size={13} aria-hidden="true" /> {t('message.formAnswer')}
        </span>
      </header>
      <dl>
        {answer.fields.map((field) => (
          <div key={field.label}>
            <dt>{field.label}</dt>
            <dd>{field.text}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

export function CaseCardView({ of }: { of: CaseCard }) {
  const { t } = useTranslation();
  const format = useShopFormat();
  return (
    <article className="card card-case" aria-label={`${of.type_text} ${of.state_text}`}>
      <header>
        <span>
          <ListChecks size={13} aria-hidden="true" /> {of.type_text} · {t('order.label', { id: of.order_id })}
        </span>
      </header>
      <p className="case-stand">
        <b>{of.state_text}</b>
        {of.amount_cents > 0 && <b className="price">{format.money(of.amount_cents, of.currency)}</b>}
      </p>
      <ol className="case-steps">
        {of.steps.map((step) => (
          <li
            key={step.text}
            className={step.done ? 'done' : step.now ? 'now' : ''}
            aria-current={step.now ? 'step' : undefined}
          >
            <i aria-hidden="true">{step.done && <Check size={10} />}</i>
            <span>{step.text}</span>
            {step.at && <time dateTime={step.at}>{format.dayAndClock(step.at)}</time>}
          </li>
        ))}
      </ol>
      {of.due_text && (
        <p className="case-due">
          <Clock size={13} aria-hidden="true" /> {of.due_text}
        </p>
      )}
    </article>
  );
}
