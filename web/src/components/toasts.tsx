/** What has just been done, with the way back. Never for errors that need reading: those stand where they happened. */
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactNode } from 'react';
import i18next from 'i18next';
import { asProblem } from '../api/index.ts';

const SHOWN_MS = 8_000;

export function toast(message: ReactNode, undo?: () => void): void {
  const id = notifications.show({
    autoClose: SHOWN_MS,
    closeButtonProps: { 'aria-label': i18next.t('action.close') },
    withBorder: false,
    message:
      undo === undefined ? (
        message
      ) : (
        <div className="row between">
          <span>{message}</span>
          <Button
            size="xs"
            className="toast-undo"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {i18next.t('action.undo')}
          </Button>
        </div>
      ),
  });
}

/** For a click that failed and has no place of its own to say so. */
export function toastProblem(error: unknown): void {
  const problem = asProblem(error);
  notifications.show({
    autoClose: false,
    closeButtonProps: { 'aria-label': i18next.t('action.close') },
    title: problem.code.startsWith('web.') ? i18next.t('state.unreachable') : problem.message,
    message: <span className="mono">{[problem.code, problem.requestId].filter((part) => part !== null).join(' · ')}</span>,
    role: 'alert',
  });
}
