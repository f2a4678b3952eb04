import { Button, createTheme, type CSSVariablesResolver, type MantineColorsTuple, Modal, Popover, Tooltip } from '@mantine/core';

const TEAL: MantineColorsTuple = [
  '#e2f2f0',
  '#cfe8e5',
  '#a3d3ce',
  '#6fb9b2',
  '#3f9f99',
  '#15807d',
  '#0b6a69',
  '#085655',
  '#064746',
  '#043534',
];

/** Mantine's parts in the measures of the design; the colours are those of tokens.css. */
export const theme = createTheme({
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  colors: { teal: TEAL },
  primaryColor: 'teal',
  primaryShade: { light: 6, dark: 5 },
  defaultRadius: 8,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '12.5px', sm: '14px', md: '15px', lg: '18px', xl: '22px' },
  lineHeights: { xs: '18px', sm: '20px', md: '22px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  breakpoints: { xs: '30em', sm: '47.5em', md: '62em', lg: '73.75em', xl: '88em' },
  headings: { fontWeight: '620', sizes: { h1: { fontSize: '22px', lineHeight: '30px' }, h2: { fontSize: '15px', lineHeight: '22px' } } },
  components: {
    Button: Button.extend({ defaultProps: { size: 'sm', variant: 'default' } }),
    Modal: Modal.extend({ defaultProps: { centered: false, yOffset: '10vh', overlayProps: { className: 'overlay' } } }),
    // A header inside a dialog is not the page's banner.
    ModalHeader: { defaultProps: { role: 'none' } },
    DrawerHeader: { defaultProps: { role: 'none' } },
    // A menu has nothing in it but its items; the first takes the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    SegmentedControl: { defaultProps: { withItemsBorders: false } },
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: false } }),
    Popover: Popover.extend({ defaultProps: { shadow: 'none', withinPortal: true } }),
  },
});

const FITTED = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-3)',
  '--mantine-color-placeholder': 'var(--text-3)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-error': 'var(--fail-text)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--surface-2)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-2)',
  '--mantine-color-disabled': 'var(--surface-3)',
  '--mantine-color-disabled-color': 'var(--text-3)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-light': 'var(--accent-soft)',
  '--mantine-primary-color-light-hover': 'var(--accent-soft)',
  '--mantine-primary-color-light-color': 'var(--accent-text)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-teal-filled': 'var(--accent)',
  '--mantine-color-teal-filled-hover': 'var(--accent-hover)',
  '--mantine-color-teal-light': 'var(--accent-soft)',
  '--mantine-color-teal-light-hover': 'var(--accent-soft)',
  '--mantine-color-teal-light-color': 'var(--accent-text)',
  '--mantine-color-teal-text': 'var(--accent-text)',
  '--mantine-color-teal-outline': 'var(--accent-text)',
  '--mantine-color-red-filled': 'var(--fail-bar)',
  '--mantine-color-red-text': 'var(--fail-text)',
  '--mantine-color-red-light': 'var(--fail-soft)',
  '--mantine-color-red-light-color': 'var(--fail-text)',
};

/** The tokens are light and dark in one, so both schemes get the same. */
export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: FITTED, dark: FITTED });
