import { type DragEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../lib/format.ts';
import { CloseIcon, FileIcon, UploadIcon } from './icons.tsx';

interface FileFieldProps {
  readonly label: string;
  /** What kinds: `.csv,.txt,.xlsx`. */
  readonly accept: string;
  readonly hint?: ReactNode;
  readonly value: File | null;
  readonly onChange: (file: File | null) => void;
  readonly error?: ReactNode;
  /** 0 to 1 while it is sent. */
  readonly progress?: number | null;
}

/** A file, dropped or chosen. One at a time; a second takes the place of the first. */
export function FileField({ label, accept, hint, value, onChange, error, progress = null }: FileFieldProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  // A file that misses the field would take the page's place in the browser, and with it what was typed.
  useEffect(() => {
    const keep = (event: globalThis.DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files') !== true || event.defaultPrevented) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    addEventListener('dragover', keep);
    addEventListener('drop', keep);
    return () => {
      removeEventListener('dragover', keep);
      removeEventListener('drop', keep);
    };
  }, []);
  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    const fits = accept.split(',').some((ending) => file.name.toLowerCase().endsWith(ending.trim()));
    setRefused(fits ? null : t('file.wrong_kind', { name: file.name, accept }));
    if (fits) onChange(file);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const { files } = event.dataTransfer;
    if (files.length > 1) setRefused(t('file.one'));
    else take(files[0]);
  };
  const said = refused ?? error;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button and the field inside are the first */}
      <div
        className={`drop${over ? ' over' : ''}${said === undefined || said === null ? '' : ' wrong'}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <input
          ref={input}
          id={id}
          type="file"
          accept={accept}
          className="vh"
          aria-describedby={`${id}-hint`}
          aria-invalid={said !== undefined && said !== null}
          onChange={(event) => {
            take(event.currentTarget.files?.[0]);
            event.currentTarget.value = '';
          }}
        />
        {value === null ? (
          <>
            <UploadIcon large />
            <p>
              {t('file.drop')}{' '}
              <button type="button" className="link-button" onClick={() => input.current?.click()}>
                {t('file.choose')}
              </button>
            </p>
          </>
        ) : (
          <div className="row">
            <FileIcon />
            <bdi className="trunc">{value.name}</bdi>
            <span className="muted nowrap">{t('file.kilobytes', { size: format.number(Math.max(1, Math.round(value.size / 1024))) })}</span>
            <button type="button" className="btn sub icon sm" aria-label={t('file.remove')} onClick={() => onChange(null)}>
              <CloseIcon />
            </button>
          </div>
        )}
        {progress !== null && (
          <div
            className="bar sm"
            role="progressbar"
            aria-label={t('file.sending')}
            aria-valuenow={Math.round(progress * 100)}
            aria-valuemin={0}
            aria-valuemax={100}
          >
            <i className="c" style={{ flex: `${progress} 1 0` }} />
            <i className="rest" style={{ flex: `${1 - progress} 1 0` }} />
          </div>
        )}
      </div>
      <p className="hint" id={`${id}-hint`}>
        {said === undefined || said === null ? hint : <span className="fail-text">{said}</span>}
      </p>
    </div>
  );
}
