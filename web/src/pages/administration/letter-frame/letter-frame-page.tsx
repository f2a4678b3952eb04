import { Button, ColorInput, NumberInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppProblem, asProblem, type Input, type Output, useApi } from '../../../api/index.ts';
import { Answer, Card, languageName, NoPermission, toast } from '../../../components/index.ts';
import { useCan } from '../../../lib/access.ts';
import { useFormat } from '../../../lib/format.ts';
import { AdminPage } from '../parts/admin-page.tsx';
import { ProblemNotice } from '../parts/form-dialog.tsx';
import { useAct } from '../parts/rows.ts';
import { FramePreview } from './frame-preview.tsx';

type Version = Output<'letter_text.show'>;
type Frame = NonNullable<Version['frame']>;

const STANDARD = 'STANDARD';
const COLOURS = ['accent', 'link', 'text', 'paper', 'page', 'muted'] as const;

export function LetterFramePage() {
  const { t } = useTranslation('admin-library');
  const { locale } = useFormat();
  const can = useCan();
  const reads = can('letters:read');
  const frames = useApi('letter_text.list', { kind: 'frame' }, { enabled: reads });
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <AdminPage title={t('letter_frame_title')} sub={t('letter_frame_sub')}>
      {reads ? (
        <Answer of={frames}>
          {({ texts }) => {
            const languages = [...new Set(texts.filter(({ code }) => code === STANDARD).map(({ language }) => language))];
            const language = chosen ?? languages[0];
            return (
              <>
                {languages.length > 1 && (
                  <SegmentedControl
                    aria-label={t('frame_language')}
                    className="adm-seg"
                    value={language ?? ''}
                    onChange={setChosen}
                    data={languages.map((tag) => ({ value: tag, label: languageName(tag, locale) }))}
                  />
                )}
                {language !== undefined && <OneFrame key={language} language={language} />}
              </>
            );
          }}
        </Answer>
      ) : (
        <Card>
          <NoPermission privilege="letters:read" />
        </Card>
      )}
    </AdminPage>
  );
}

function OneFrame({ language }: { readonly language: string }) {
  const version = useApi('letter_text.show', { kind: 'frame', code: STANDARD, language });
  return <Answer of={version}>{(shown) => <FrameForm key={shown.number} shown={shown} language={language} />}</Answer>;
}

/** Header, footer, logo and colours; what is saved is published at once, as a new version that one can go back from. */
function FrameForm({ shown, language }: { readonly shown: Version; readonly language: string }) {
  const { t } = useTranslation(['admin-library', 'common']);
  const can = useCan();
  const act = useAct('letter_text.list', 'letter_text.show', 'letter_text.versions');
  const [frame, setFrame] = useState<Frame>(shown.frame ?? { header: '', footer: '', logo: null, colours: {} });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AppProblem | null>(null);
  const writes = can('letters:write');
  const put = (next: Partial<Frame>): void => setFrame({ ...frame, ...next });
  const logo = (next: Partial<NonNullable<Frame['logo']>>): void => {
    const all = { url: '', alt: '', ...frame.logo, ...next };
    put({ logo: all.url === '' && all.alt === '' ? null : all });
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const colours = Object.fromEntries(Object.entries(frame.colours).filter(([, colour]) => colour !== ''));
      const given: Input<'letter_frame.save'> = { ...frame, colours, language, based_on: shown.number, publish: true };
      await act('letter_frame.save', given);
      toast(t('frame_saved'));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="adm-split">
      <form
        className="stackv"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {problem !== null && <ProblemNotice problem={problem} />}
        <Card title={t('frame_texts')}>
          <div className="stackv">
            <Textarea
              label={t('frame_header')}
              description={t('frame_text_help')}
              autosize
              minRows={2}
              maxRows={10}
              disabled={!writes}
              classNames={{ input: 'mono' }}
              value={frame.header}
              onChange={(event) => put({ header: event.currentTarget.value })}
            />
            <Textarea
              label={t('frame_footer')}
              description={t('frame_text_help')}
              autosize
              minRows={3}
              maxRows={14}
              disabled={!writes}
              classNames={{ input: 'mono' }}
              value={frame.footer}
              onChange={(event) => put({ footer: event.currentTarget.value })}
            />
          </div>
        </Card>
        <Card title={t('frame_logo')} sub={t('frame_logo_sub')}>
          <div className="adm-two">
            <TextInput
              label={t('logo_url')}
              disabled={!writes}
              value={frame.logo?.url ?? ''}
              onChange={(event) => logo({ url: event.currentTarget.value })}
              error={problem?.field('logo.url')}
            />
            <TextInput
              label={t('logo_alt')}
              disabled={!writes}
              value={frame.logo?.alt ?? ''}
              onChange={(event) => logo({ alt: event.currentTarget.value })}
              error={problem?.field('logo.alt')}
            />
            <NumberInput
              label={t('logo_width')}
              min={16}
              max={600}
              disabled={!writes || frame.logo === null}
              value={frame.logo?.width ?? ''}
              onChange={(width) => {
                const { width: _before, ...rest } = frame.logo ?? { url: '', alt: '' };
                put({ logo: typeof width === 'number' ? { ...rest, width } : rest });
              }}
            />
          </div>
        </Card>
        <Card title={t('frame_colours')} sub={t('frame_colours_sub')}>
          <div className="adm-colours">
            {COLOURS.map((name) => (
              <ColorInput
                key={name}
                label={t(`colour_${name}`)}
                placeholder={t('colour_own')}
                disabled={!writes}
                eyeDropperButtonProps={{ 'aria-label': t('colour_pick') }}
                value={frame.colours[name] ?? ''}
                onChange={(colour) => put({ colours: { ...frame.colours, [name]: colour } })}
                error={problem?.field(`colours.${name}`)}
              />
            ))}
          </div>
        </Card>
        {writes && (
          <div>
            <Button type="submit" variant="filled" loading={busy}>
              {t('frame_save')}
            </Button>
          </div>
        )}
      </form>
      <FramePreview language={language} frame={frame} />
    </div>
  );
}
