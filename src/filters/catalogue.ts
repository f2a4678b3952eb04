import type { FieldType } from '../users/index.ts';
import { type FieldValue, type FilterField, USER_SCOPE } from './field-registry.ts';
import type { Operator } from './tree.ts';

type Label = { readonly en: string; readonly de: string };

export interface CatalogueField {
  readonly name: string;
  readonly type: FieldType;
  readonly label: Label;
  readonly operators: readonly Operator[];
  readonly code_table?: string;
  /** All values, where there is no code table to look them up in. */
  readonly values?: readonly FieldValue[];
}

export interface FilterCatalogue {
  readonly fields: readonly CatalogueField[];
  readonly children: readonly { readonly name: string; readonly label: Label; readonly fields: readonly CatalogueField[] }[];
  readonly operators: Readonly<Record<Operator, Label>>;
  /** What some are called where days are compared. */
  readonly day_operators: Readonly<Partial<Record<Operator, Label>>>;
}

/** What the operators are called. */
export const OPERATOR_LABELS: Readonly<Record<Operator, Label>> = {
  '=': { en: 'is', de: 'ist' },
  '!=': { en: 'is not', de: 'ist nicht' },
  '<': { en: 'is less than', de: 'ist kleiner als' },
  '<=': { en: 'is at most', de: 'ist höchstens' },
  '>': { en: 'is greater than', de: 'ist größer als' },
  '>=': { en: 'is at least', de: 'ist mindestens' },
  contains: { en: 'contains', de: 'enthält' },
  starts_with: { en: 'starts with', de: 'beginnt mit' },
  ends_with: { en: 'ends with', de: 'endet mit' },
  in: { en: 'is one of', de: 'ist eines von' },
  is_empty: { en: 'is empty', de: 'ist leer' },
  is_not_empty: { en: 'is not empty', de: 'ist nicht leer' },
};

/** Those that are called otherwise of days and moments. */
const DAY_LABELS: Readonly<Partial<Record<Operator, Label>>> = {
  '<': { en: 'is before', de: 'ist vor' },
  '<=': { en: 'is on or before', de: 'ist am oder vor dem' },
  '>': { en: 'is after', de: 'ist nach' },
  '>=': { en: 'is on or after', de: 'ist am oder nach dem' },
};

/** All that one can ask for, with labels: for the help, and for a form. */
export function filterCatalogue(): FilterCatalogue {
  return {
    fields: [...USER_SCOPE.fields.values()].map(catalogueField),
    children: [...USER_SCOPE.children.values()].map((child) => ({
      name: child.of,
      label: child.label,
      fields: [...child.fields.values()].map(catalogueField),
    })),
    operators: OPERATOR_LABELS,
    day_operators: DAY_LABELS,
  };
}

function catalogueField({ name, type, label, operators, codeTable, values }: FilterField): CatalogueField {
  return {
    name,
    type,
    label,
    operators,
    ...(codeTable === undefined ? {} : { code_table: codeTable }),
    ...(values === undefined ? {} : { values }),
  };
}
