/**
 * The icons of the page, 24 × 24, drawn by line. Outcomes have shapes of their own, so that nothing is
 * told by colour alone. Further ones: from @tabler/icons-react, with `className="i"`.
 */
import type { ReactNode, SVGProps } from 'react';

type IconProps = SVGProps<SVGSVGElement> & { readonly small?: boolean; readonly large?: boolean };
export type Icon = (props: IconProps) => ReactNode;

function icon(name: string, drawing: ReactNode): Icon {
  const drawn: Icon = ({ small, large, className, ...rest }) => (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
      {...rest}
      className={`i${small ? ' s' : ''}${large ? ' l' : ''}${className === undefined ? '' : ` ${className}`}`}
    >
      {drawing}
    </svg>
  );
  return Object.assign(drawn, { displayName: name });
}

export const HomeIcon = icon(
  'HomeIcon',
  <>
    <path d="M4 11.5 12 4l8 7.5" />
    <path d="M6 10v9h12v-9" />
    <path d="M10 19v-5h4v5" />
  </>,
);
export const UsersIcon = icon(
  'UsersIcon',
  <>
    <circle cx="9" cy="8" r="3.5" />
    <path d="M3 20c0-3.3 2.7-6 6-6s6 2.7 6 6" />
    <path d="M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.6c1.9 1 3 3 3 5.4" />
  </>,
);
export const UserIcon = icon(
  'UserIcon',
  <>
    <circle cx="12" cy="8" r="4" />
    <path d="M5 20.5c0-3.9 3.1-6.5 7-6.5s7 2.6 7 6.5" />
  </>,
);
export const SetIcon = icon(
  'SetIcon',
  <>
    <circle cx="9" cy="12" r="6" />
    <circle cx="15" cy="12" r="6" />
  </>,
);
export const JobIcon = icon(
  'JobIcon',
  <>
    <path d="M4 6h9M4 12h7M4 18h7" />
    <path d="m15 11 6 4-6 4z" />
  </>,
);
export const MailIcon = icon(
  'MailIcon',
  <>
    <rect x="3" y="5" width="18" height="14" rx="2" />
    <path d="m3.5 7 8.5 6 8.5-6" />
  </>,
);
export const OutboxIcon = icon(
  'OutboxIcon',
  <>
    <path d="M4 13v5a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2v-5" />
    <path d="M4 13h4.5l1.5 2.5h4l1.5-2.5H20" />
    <path d="M12 11V3m0 0L8.5 6.5M12 3l3.5 3.5" />
  </>,
);
export const SettingsIcon = icon(
  'SettingsIcon',
  <>
    <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
    <circle cx="15" cy="7" r="2" />
    <circle cx="9" cy="17" r="2" />
  </>,
);
export const MenuIcon = icon('MenuIcon', <path d="M4 7h16M4 12h16M4 17h16" />);
export const MoreIcon = icon('MoreIcon', <path d="M5 12h.01M12 12h.01M19 12h.01" strokeWidth="2.6" />);
export const SearchIcon = icon(
  'SearchIcon',
  <>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m20 20-4.2-4.2" />
  </>,
);
export const MoonIcon = icon('MoonIcon', <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z" />);
export const SunIcon = icon(
  'SunIcon',
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1 1M17.4 17.4l1 1M18.4 5.6l-1 1M6.6 17.4l-1 1" />
  </>,
);
export const HelpIcon = icon(
  'HelpIcon',
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.45-1.2.9-1.2 1.8M12 16.5v.01" />
  </>,
);
export const InfoIcon = icon(
  'InfoIcon',
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 11v5M12 8v.01" />
  </>,
);
export const UploadIcon = icon('UploadIcon', <path d="M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M5 20h14" />);
export const DownloadIcon = icon('DownloadIcon', <path d="M12 4v11m0 0 4.5-4.5M12 15l-4.5-4.5M5 20h14" />);
export const PlusIcon = icon('PlusIcon', <path d="M12 5v14M5 12h14" />);
export const CloseIcon = icon('CloseIcon', <path d="m6 6 12 12M18 6 6 18" />);
export const ApproveIcon = icon(
  'ApproveIcon',
  <>
    <circle cx="9" cy="8" r="3.5" />
    <path d="M3 20c0-3.3 2.7-6 6-6 1.5 0 2.9.6 4 1.5M14.5 18l2.2 2.2 4.3-4.4" />
  </>,
);
export const PauseIcon = icon('PauseIcon', <path d="M9 5v14M15 5v14" strokeWidth="2.5" />);
export const PlayIcon = icon('PlayIcon', <path d="m7 5 12 7-12 7z" />);
export const StopIcon = icon('StopIcon', <rect x="6" y="6" width="12" height="12" rx="2" />);
export const EditIcon = icon(
  'EditIcon',
  <>
    <path d="M4 20h4L19 9l-4-4L4 16z" />
    <path d="m13 7 4 4" />
  </>,
);
export const TrashIcon = icon('TrashIcon', <path d="M4 7h16M9 7V4.5h6V7M6.5 7l1 13h9l1-13M10 11v5.5M14 11v5.5" />);
export const CopyIcon = icon(
  'CopyIcon',
  <>
    <rect x="8" y="8" width="12" height="12" rx="2" />
    <path d="M16 8V5.500a1.5 1.5 0 0 0-1.5-1.500h-9A1.5 1.5 0 0 0 4 5.500v9A1.5 1.5 0 0 0 5.5 16H8" />
  </>,
);
export const ClockIcon = icon(
  'ClockIcon',
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.5V12l3 2" />
  </>,
);
export const CalendarIcon = icon(
  'CalendarIcon',
  <>
    <rect x="4" y="5.5" width="16" height="14.5" rx="2" />
    <path d="M4 10h16M8.5 3.500v4M15.5 3.500v4" />
  </>,
);
export const CheckIcon = icon('CheckIcon', <path d="m5 12.5 4.5 4.5L19 7" />);
export const UndoIcon = icon(
  'UndoIcon',
  <>
    <path d="M8 5 4 9l4 4" />
    <path d="M4 9h10a6 6 0 0 1 0 12h-3" />
  </>,
);
export const EnterIcon = icon('EnterIcon', <path d="M19 6v5a2 2 0 0 1-2 2H6m0 0 4-4m-4 4 4 4" />);
export const ArrowRightIcon = icon('ArrowRightIcon', <path d="M5 12h14m0 0-5-5m5 5-5 5" />);
export const ChevronRightIcon = icon('ChevronRightIcon', <path d="m9 6 6 6-6 6" />);
export const ChevronLeftIcon = icon('ChevronLeftIcon', <path d="m15 6-6 6 6 6" />);
export const ChevronDownIcon = icon('ChevronDownIcon', <path d="m6 9 6 6 6-6" />);
export const SortUpIcon = icon('SortUpIcon', <path d="M12 19V5m0 0-5 5m5-5 5 5" />);
export const SortDownIcon = icon('SortDownIcon', <path d="M12 5v14m0 0 5-5m-5 5-5-5" />);
export const ColumnsIcon = icon(
  'ColumnsIcon',
  <>
    <rect x="4" y="5" width="16" height="14" rx="2" />
    <path d="M9.5 5v14M14.5 5v14" />
  </>,
);
export const FilterIcon = icon('FilterIcon', <path d="M4 7h16M7 12h10M10 17h4" />);
export const GripIcon = icon('GripIcon', <path d="M9 6v.01M9 12v.01M9 18v.01M15 6v.01M15 12v.01M15 18v.01" strokeWidth="2.4" />);
export const WarnIcon = icon(
  'WarnIcon',
  <>
    <path d="M12 4 2.8 20h18.400z" />
    <path d="M12 10v4.500M12 17v.01" />
  </>,
);
export const BlockIcon = icon(
  'BlockIcon',
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="m6 6 12 12" />
  </>,
);
export const CloudIcon = icon('CloudIcon', <path d="M7 18.500a4.5 4.5 0 0 1-.5-9 6 6 0 0 1 11.5 1.5 3.8 3.8 0 0 1-.5 7.500z" />);
export const LibraryIcon = icon('LibraryIcon', <path d="M4 10h16L12 4.500zM6 10v8M10 10v8M14 10v8M18 10v8M3.5 20h17" />);
export const KeyIcon = icon(
  'KeyIcon',
  <>
    <circle cx="8" cy="15" r="4" />
    <path d="m11 12 8.5-8.500M16 7l3 3" />
  </>,
);
export const BookmarkIcon = icon('BookmarkIcon', <path d="M7 4.500h10V20l-5-4-5 4z" />);
export const ShieldIcon = icon('ShieldIcon', <path d="M12 3.5 5 6v5.500c0 4 2.8 7.3 7 9 4.2-1.7 7-5 7-9V6z" />);
export const SignOutIcon = icon(
  'SignOutIcon',
  <path d="M10 4.500H6A1.5 1.5 0 0 0 4.5 6v12A1.5 1.5 0 0 0 6 19.500h4M10 12h10m0 0-4-4m4 4-4 4" />,
);
export const PrintIcon = icon(
  'PrintIcon',
  <path d="M7 9V4h10v5M7 17H4.500v-6.500A1.5 1.5 0 0 1 6 9h12a1.5 1.5 0 0 1 1.5 1.500V17H17M7 14h10v6H7z" />,
);
export const PhoneIcon = icon(
  'PhoneIcon',
  <path d="M5 4h4l1.5 4.500L8 10a11 11 0 0 0 6 6l1.5-2.500L20 15v4a1.5 1.5 0 0 1-1.7 1.500A15.5 15.5 0 0 1 3.5 5.7 1.5 1.5 0 0 1 5 4z" />,
);
export const NoteIcon = icon('NoteIcon', <path d="M5 4.500h14V14l-5.5 5.500H5zM19 14h-5.500v5.500M8.5 9h7M8.5 12.500h4" />);
export const TagIcon = icon(
  'TagIcon',
  <>
    <path d="M4 4.500h7.500l8 8-7 7-8.5-8z" />
    <path d="M8 8.500v.01" strokeWidth="2.4" />
  </>,
);
export const FileIcon = icon('FileIcon', <path d="M6 3.500h8l4.5 4.500v12.500H6zM14 3.500V8h4.5" />);
export const GlobeIcon = icon(
  'GlobeIcon',
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M3.5 12h17M12 3.500c2.5 2.5 3.7 5.4 3.7 8.500s-1.2 6-3.7 8.500c-2.5-2.5-3.7-5.4-3.7-8.500S9.5 6 12 3.500z" />
  </>,
);
export const RefreshIcon = icon('RefreshIcon', <path d="M19.5 12a7.5 7.5 0 1 1-2.2-5.300M19.5 3.500v4h-4" />);
export const KeyboardIcon = icon(
  'KeyboardIcon',
  <>
    <rect x="3" y="6" width="18" height="12" rx="2" />
    <path d="M7 10v.01M11 10v.01M15 10v.01M8 14h8" />
  </>,
);
export const ExternalIcon = icon('ExternalIcon', <path d="M13 4.500h6.500V11M19.5 4.5 11 13M17 14v5.500H4.500V7H10" />);
export const HistoryIcon = icon(
  'HistoryIcon',
  <>
    <path d="M4 12a8 8 0 1 0 2.5-5.800M4 4.500V9h4.5" />
    <path d="M12 8v4.500l3 1.5" />
  </>,
);

// ── outcomes ──
export const ChangedIcon = icon(
  'ChangedIcon',
  <>
    <circle cx="12" cy="12" r="9" fill="currentColor" stroke="none" />
    <path d="m7.8 12.3 3 3 5.4-6" style={{ stroke: 'var(--surface)' }} strokeWidth="2.2" />
  </>,
);
export const UnchangedIcon = icon(
  'UnchangedIcon',
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M8.5 10h7M8.5 14h7" />
  </>,
);
export const SkippedIcon = icon(
  'SkippedIcon',
  <>
    <path d="m12 3 9 9-9 9-9-9z" strokeDasharray="4.2 2.16" />
    <path d="M9 12h6m0 0-2.2-2.200M15 12l-2.2 2.2" />
  </>,
);
export const FailedIcon = icon(
  'FailedIcon',
  <>
    <path d="M8.3 3.500h7.400l4.8 4.800v7.400l-4.8 4.800H8.300l-4.8-4.800V8.300z" fill="currentColor" stroke="none" />
    <path d="m9 9 6 6M15 9l-6 6" style={{ stroke: 'var(--surface)' }} strokeWidth="2.2" />
  </>,
);
export const ConflictIcon = icon(
  'ConflictIcon',
  <path d="M12 4v16M3 12h6m0 0L6.5 9.500M9 12l-2.5 2.500M21 12h-6m0 0 2.5-2.500M15 12l2.5 2.5" />,
);
export const QueuedIcon = icon(
  'QueuedIcon',
  <>
    <circle cx="12" cy="12" r="8.5" strokeDasharray="2.5 2.84" />
    <path d="M12 7.500V12l3 2" />
  </>,
);
