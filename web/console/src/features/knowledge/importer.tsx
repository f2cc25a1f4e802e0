// SPDX-License-Identifier: Apache-2.0
//
// Import of many rows from a file or pasted text: first a trial that stores nothing and reports every row that cannot
// be used, with its line and the reason; then the person decides.
import type { ImportReport } from '@xiaoer/protocol/wire';
import { Button, Input, Modal } from 'antd';
import { CircleCheckBig, Download, FileUp, TriangleAlert } from 'lucide-react';
import { useRef, useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useImport, type ImportKind } from '../../api/knowledge.ts';
import { isFault } from '../../api/http.ts';
import { RequestId, faultText } from '../../ui/states.tsx';
import { MOST_BYTES, asLines, bytesOf, decode, formatOf, lineOf } from './file.ts';
import { refusalText } from './refusals.ts';
import { SAMPLES } from './samples.ts';
import './importer.css';

export function ImportDialog({ kind, onClose }: { kind: ImportKind; onClose(): void }) {
  const { t } = useTranslation();
  const run = useImport();
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [report, setReport] = useState<ImportReport | null>(null);

  const change = (next: string, file = '') => {
    setText(next);
    setName(file);
    setReport(null);
    run.reset();
  };
  const send = async (dry: boolean, skip = false) => {
    const lines = asLines(text);
    try {
      const wish = { kind, format: formatOf(lines, name), text: lines, skip_bad: skip, dry_run: dry };
      setReport(await run.mutateAsync(wish));
    } catch {
      setReport(null);
    }
  };

  const tooBig = bytesOf(text) > MOST_BYTES;
  const useful = report ? report.added + report.changed : 0;
  const footer = report?.stored ? (
    <Button type="primary" onClick={onClose}>
      {t('importer.done')}
    </Button>
  ) : report ? (
    <>
      <Button onClick={() => change('')}>{t('importer.other')}</Button>
      <Button
        type="primary"
        disabled={useful === 0}
        loading={run.isPending}
        onClick={() => void send(false, report.refused > 0)}
      >
        {t(report.refused > 0 ? 'importer.storeGood' : 'importer.store', { number: useful })}
      </Button>
    </>
  ) : (
    <>
      <Button onClick={onClose}>{t('importer.cancel')}</Button>
      <Button
        type="primary"
        disabled={text.trim() === '' || tooBig}
        loading={run.isPending}
        onClick={() => void send(true)}
      >
        {t('importer.check')}
      </Button>
    </>
  );

  return (
    <Modal
      open
      title={t(`importer.title.${kind}`)}
      onCancel={onClose}
      footer={footer}
      width={680}
      mask={{ closable: false }}
    >
      {report ? (
        <Report report={report} text={asLines(text)} />
      ) : (
        <Choose kind={kind} text={text} name={name} onChange={change} />
      )}
      {tooBig && (
        <p className="form-error" role="alert">
          {t('importer.tooBig')}
        </p>
      )}
      {run.isError && (
        <div className="form-error" role="alert">
          {isFault(run.error, 422) ? refusalText(run.error.message, t) : faultText(run.error, t)}
          <RequestId error={run.error} />
        </div>
      )}
    </Modal>
  );
}

// ---- the file ---------------------------------------------------------------------------------------------

interface ChooseProps {
  kind: ImportKind;
  text: string;
  name: string;
  onChange(text: string, name?: string): void;
}

function Choose({ kind, text, name, onChange }: ChooseProps) {
  const { t } = useTranslation();
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);

  const take = async (file: File | undefined) => {
    if (file) onChange(decode(await file.arrayBuffer()), file.name);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    <div className="import">
      <p className="quiet">{t(`importer.lead.${kind}`)}</p>
      <div
        className={over ? 'import-drop import-over' : 'import-drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <FileUp size={22} strokeWidth={1.6} aria-hidden="true" />
        <p>{name === '' ? t('importer.drop') : name}</p>
        <Button onClick={() => picker.current?.click()}>{t('importer.choose')}</Button>
        <input
          ref={picker}
          type="file"
          accept=".csv,.tsv,.txt,.jsonl,.json"
          hidden
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      <Input.TextArea
        autoSize={{ minRows: 5, maxRows: 10 }}
        className="import-text"
        value={text}
        placeholder={SAMPLES[kind].hint}
        aria-label={t('importer.text')}
        onChange={(event) => onChange(event.target.value)}
      />
      <p className="import-sample">
        <Button
          type="link"
          size="small"
          icon={<Download size={14} aria-hidden="true" />}
          onClick={() => download(SAMPLES[kind].csv, `${kind}.csv`)}
        >
          {t('importer.sample')}
        </Button>
        <span className="quiet">{t('importer.most')}</span>
      </p>
    </div>
  );
}

/** With a mark at the beginning, by which spreadsheets know that it is UTF-8. */
function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

// ---- the report -------------------------------------------------------------------------------------------

const FIGURES = ['added', 'changed', 'same', 'refused'] as const;

function Report({ report, text }: { report: ImportReport; text: string }) {
  const { t, i18n } = useTranslation();
  const number = new Intl.NumberFormat(i18n.language);
  const useful = report.added + report.changed;
  const lead = report.stored
    ? t('importer.stored', { number: number.format(useful) })
    : t(report.refused > 0 ? 'importer.someBad' : useful === 0 ? 'importer.nothingNew' : 'importer.allGood', {
        number: number.format(report.refused),
      });
  return (
    <div className="import" role="status">
      <p className={report.refused > 0 && !report.stored ? 'import-lead import-bad' : 'import-lead'}>
        {report.refused > 0 && !report.stored ? (
          <TriangleAlert size={17} aria-hidden="true" />
        ) : (
          <CircleCheckBig size={17} aria-hidden="true" />
        )}
        {lead}
      </p>
      <dl className="import-figures">
        {FIGURES.map((name) => (
          <div key={name} className={name === 'refused' && report.refused > 0 ? 'import-figure-bad' : undefined}>
            <dt>{t(`importer.figure.${name}`)}</dt>
            <dd>{number.format(report[name])}</dd>
          </div>
        ))}
      </dl>
      {report.refusals.length > 0 && (
        <div className="import-table" tabIndex={0} role="region" aria-label={t('importer.refusals')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('importer.line')}</th>
                <th scope="col">{t('importer.reason')}</th>
              </tr>
            </thead>
            <tbody>
              {report.refusals.map((one) => (
                <tr key={one.line}>
                  <td>{number.format(one.line)}</td>
                  <td>
                    {refusalText(one.text, t)}
                    <code>{lineOf(text, one.line)}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {report.refused > report.refusals.length && (
        <p className="quiet">
          {t('importer.moreRefused', { number: number.format(report.refused - report.refusals.length) })}
        </p>
      )}
    </div>
  );
}
