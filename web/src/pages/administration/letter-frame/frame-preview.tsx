import { useDebouncedValue } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { type Output, useApi } from '../../../api/index.ts';
import { Card, LetterPaper, LoadingRows, Notice } from '../../../components/index.ts';

type Frame = NonNullable<Output<'letter_text.show'>['frame']>;

/** Milliseconds without a key after which the letter is shown anew. */
const REST_MS = 400;

interface FramePreviewProps {
  readonly language: string;
  readonly frame: Frame;
}

/** A letter to a made-up user in the frame as it stands in the form, before anybody gets it so. */
export function FramePreview({ language, frame }: FramePreviewProps) {
  const { t } = useTranslation('admin-library');
  const letters = useApi('letter_text.list', { kind: 'letter' }, { staleTime: 300_000 });
  const type = letters.data?.texts.find((text) => text.language === language && text.published !== null)?.code;
  const [rested] = useDebouncedValue(frame, REST_MS);
  const colours = Object.fromEntries(Object.entries(rested.colours).filter(([, colour]) => colour !== ''));
  const { data, error } = useApi(
    'letter.preview',
    { type: type ?? '', language, frame: { ...rested, colours }, forms: ['html'] },
    { enabled: type !== undefined, keepPrevious: true },
  );
  if (letters.data !== undefined && type === undefined) return null;
  const letter = data?.letters[0];
  const errors = (data?.problems ?? []).filter(({ severity }) => severity === 'error');
  const wrong = error !== null ? [error.message] : letter?.problem != null ? [letter.problem] : errors.map(({ message }) => message);
  return (
    <Card className="adm-beside" title={t('frame_preview')} sub={t('frame_preview_sub')}>
      {wrong.length > 0 ? (
        <Notice tone="fail" title={t('frame_wrong')}>
          {wrong.map((message) => (
            <p key={message}>{message}</p>
          ))}
        </Notice>
      ) : letter?.html == null ? (
        <LoadingRows />
      ) : (
        <LetterPaper title={t('frame_preview')} html={letter.html} />
      )}
    </Card>
  );
}
