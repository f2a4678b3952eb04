import { Button } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveFile, useApi } from '../../api/index.ts';
import { Answer, DownloadIcon, LoadingRows, Notice } from '../../components/index.ts';
import type { Wording } from './use-draft.ts';

interface PrintedPagesProps {
  readonly type: string;
  readonly language: string;
  readonly wording: Wording;
  readonly user: string | undefined;
}

/** The letter on paper, page by page, as the printer gets it. */
export function PrintedPages({ type, language, wording, user }: PrintedPagesProps) {
  const { t } = useTranslation('letters');
  const printed = useApi(
    'letter.preview',
    { type, language, source: wording, users: user === undefined ? [] : [user], forms: ['print'] },
    { keepPrevious: true },
  );
  return (
    <Answer of={printed}>
      {({ letters }) => {
        const print = letters[0]?.print ?? null;
        if (print === null) return <Notice tone="fail" title={letters[0]?.problem ?? t('print.none')} />;
        return (
          <div className="stackv tight">
            {print.no_place !== null && letters[0]?.user !== null && (
              <Notice tone="warn" title={t('print.no_place')}>
                {print.no_place}
              </Notice>
            )}
            {print.missing.length > 0 && <Notice tone="warn" title={t('print.missing', { characters: print.missing.join(' ') })} />}
            <Sheets pdf={print.pdf} pages={print.pages} name={`${type.toLowerCase()}-${language}.pdf`} />
          </div>
        );
      }}
    </Answer>
  );
}

function Sheets({ pdf, pages, name }: { readonly pdf: string; readonly pages: number; readonly name: string }) {
  const { t } = useTranslation('letters');
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
