/** Everything that pages are built of. */
export { type ColumnChoice, ColumnChooser, useColumnChoice } from './column-chooser.tsx';
export { type Column, DataTable, type Rows, type Sorting } from './data-table.tsx';
export { FileField } from './file-field.tsx';
export { Guard, GuardedConfirm } from './guarded-confirm.tsx';
export { HistoryItem, HistoryLine } from './history-line.tsx';
export * from './icons.tsx';
export { languageName } from './language-name.ts';
export { LetterPaper } from './letter-paper.tsx';
export { ButtonLink, TextLink } from './links.tsx';
export { Notice } from './notice.tsx';
export {
  type Counts,
  type Outcome,
  OUTCOMES,
  OutcomeBar,
  OutcomeCounts,
  OutcomeIcon,
  OutcomeLegend,
  outcomeOfState,
  RunStateBadge,
} from './outcome.tsx';
export { Card, type Crumb, Page } from './page.tsx';
export { RunProgress, type RunWatch, useRun } from './run-progress.tsx';
export { type FormValue, type JsonSchema, SchemaField, SchemaForm } from './schema-form.tsx';
export { SelectionBar } from './selection-bar.tsx';
export { type Selection, type SelectionState, useSelection } from './selection.ts';
export { type FilterPill, SentenceFilter } from './sentence-filter.tsx';
export { Answer, EmptyState, ErrorState, LoadingPage, LoadingRows, NoMatch, NoPermission } from './states.tsx';
export { toast, toastProblem } from './toasts.tsx';
export { usePages } from './use-pages.ts';
export { BeforeAfter, DateText, initialsOf, KeyFigure, Keys, None, NumberText, SegmentBadge, UserName } from './values.tsx';
export { PrintedLetter } from './printed-letter.tsx';
export { ROLE } from './table-roles.ts';
export { useTyped } from './use-typed.ts';
