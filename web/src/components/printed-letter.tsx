import { Button } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Output, saveFile } from '../api/index.ts';
import { DownloadIcon } from './icons.tsx';
import { Notice } from './notice.tsx';
import { LoadingRows } from './states.tsx';

interface PrintedLetterProps {
  readonly print: NonNullable<Output<'letter.preview'>['letters'][number]['print']>;
  /** Whether it is for a user who ought to have an address. */
  readonly addressed: boolean;
  /** Of the file when it is saved. */
  readonly name: string;
}

/** A letter on paper, page by page, as the printer gets it. */
export function PrintedLetter({ print, addressed, name }: PrintedLetterProps) {
  const { t } = useTranslation('common');
  return (
    <div className="stackv tight">
      {print.no_place !== null && addressed && (
        <Notice tone="warn" title={t('print.no_place')}>
          {print.no_place}
        </Notice>
      )}
      {print.missing.length > 0 && <Notice tone="warn" title={t('print.missing', { characters: print.missing.join(' ') })} />}
      <Sheets pdf={print.pdf} pages={print.pages} name={name} />
    </div>
  );
}

function Sheets({ pdf, pages, name }: { readonly pdf: string; readonly pages: number; readonly name: string }) {
  const { t } = useTranslation('common');
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'drawing' | 'drawn' | 'failed'>('drawing');
  const bytes = useMemo(() => Uint8Array.from(atob(pdf), (char) => char.charCodeAt(0)), [pdf]);
  useEffect(() => {
    const stopped = new AbortController();
    setState('drawing');
    import('./draw-pdf.ts')
      .then(({ drawPdf }) => drawPdf(bytes, 560, stopped.signal))
      .then((sheets) => {
        if (stopped.signal.aborted) return;
        sheets.forEach((sheet, index) => {
          sheet.setAttribute('role', 'img');
          sheet.setAttribute('aria-label', t('print.page', { page: index + 1, pages }));
        });
        place.current?.replaceChildren(...sheets);
        setState('drawn');
      })
      .catch(() => {
        if (!stopped.signal.aborted) setState('failed');
      });
    return () => stopped.abort();
  }, [bytes, pages, t]);
  return (
    <>
      <div className="row wrap between">
        <span className="muted small">{t('print.pages', { count: pages })}</span>
        <Button size="xs" leftSection={<DownloadIcon />} onClick={() => saveFile(new Blob([bytes], { type: 'application/pdf' }), name)}>
          {t('print.download')}
        </Button>
      </div>
      {state === 'drawing' && (
        <div className="sheet-coming">
          <LoadingRows rows={10} />
        </div>
      )}
      {state === 'failed' && <Notice tone="info" title={t('print.not_drawn')} />}
      <div ref={place} className="sheets" />
    </>
  );
}
